// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

@testable import Orchestrator

/// The text that the store keeps of an operation: an error, or an operation that is written and read back the same.
func fuzzOperation(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    let operation: Orchestrator.Operation
    do {
        operation = try Orchestrator.Operation(payload: text, revision: 7)
    } catch {
        guard case .corrupt(let why) = error else { return require(false, "garbage is said to be \(error)") }
        require(!why.isEmpty && error.failure.code == .store, "an error without words")
        return
    }
    let written = operation.payload
    let again = try? Orchestrator.Operation(payload: written, revision: 7)
    require(again == operation, "writing and reading changes it")
    require(again?.payload.utf8.elementsEqual(written.utf8) ?? false, "the text is not stable")
    let format = (try? JSON(parsing: written))?["format"]?.number?.exactly(Int64.self)
    require(format == Orchestrator.Operation.format, "an old form is written")
    require(written.utf8.count <= 6 * input.count + 4096, "\(input.count) bytes became \(written.utf8.count)")
    derive(operation)
    carryOn(operation)
}

/// All that is computed from a stored operation is computed without a crash, whatever the numbers are.
private func derive(_ operation: Orchestrator.Operation) {
    _ = (operation.kind, operation.finalHash, operation.isFinished, operation.mayBeCancelled, operation.nextStep)
    _ = (operation.registration?.latest, operation.attempts, operation.intent.refusal, operation.app)
    _ = (operation.costElsewhere(than: 0), operation.alreadyRegistered, operation.isAtLastCall)
    for planned in operation.calls { derive(planned.call) }
    _ = (operation.intent.change.fieldNames, operation.intent.change.withoutCiphertext)
    require(operation.intent.asksTheSame(as: operation.intent), "it does not ask the same as itself")
    if let limits = operation.limits {
        require(limits.confirmations >= 1, "a depth of 0")
        for head in [0, 1, UInt64.max] {
            require(limits.depthBlock(head: head) <= head, "a depth beyond the head")
            _ = limits.isDeep(operation.verifiedAtBlock ?? 0, head: head)
        }
    }
}

private func derive(_ call: ContractCall) {
    require(call.calldata.count >= 4 && call.gasCap >= 21_000 && !call.function.isEmpty, "a call without a function")
    require(call.comesToTheSame(as: call), "a call is not the same as itself")
    _ = (call.effect, call.topic, call.summary, call.authority)
}

/// The machine takes the next event or refuses it; what it leads to can be stored as well.
private func carryOn(_ operation: Orchestrator.Operation) {
    let now = operation.updatedAt
    var events: [Event] = [
        .prepareIntended, .prepareNotApplied, .nothingToChange, .registrationNotRequired, .reorganised,
        .registrationLost(of: 1),
        .registrationLost(of: 0), .confirmationNotApplied, .running, .cancelled, .approved(nil, atBlock: 7),
        .termsChanged(Terms(policy: Policy(confirmations: 3), goal: .committed, allowsOnChain: false)),
        .committed(correlationID: nil),
        .failed(Failure(.store, "why")), .superseded(Failure(.superseded, "why")), .yielded(to: operation.id),
    ]
    if let attempt = operation.registration?.latest {
        events += [.accepted(attempt.hash), .replaced(attempt), .nonceSpent(by: attempt.hash, inBlock: 3)]
    }
    if let inclusion = operation.inclusion { events += [.mined(inclusion), .confirmed(inclusion)] }
    if let preparation = operation.preparation { events += [.prepared(preparation), .renewed(preparation)] }
    for event in events {
        guard let next = try? operation.after(event, at: now) else { continue }
        require(
            (try? Orchestrator.Operation(payload: next.payload, revision: 7)) == next, "what follows \(event.name)")
        _ = next.nextStep
    }
}
