// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("The state machine")
struct MachineTests {
    private static let hash = TransactionHash(Bytes32.keccak256([1]))
    private static let composeHash = ComposeHash(Bytes32.keccak256([2]))
    private static let attempt = Attempt(
        hash: hash, raw: [1], purpose: .register, nonce: 0, gasLimit: 1, maxFeePerGas: 1, maxPriorityFeePerGas: 1,
        l1Fee: 0, signedAt: Timestamp(milliseconds: 0))
    private static let preparation = Preparation(
        composeHash: composeHash, spelledHash: composeHash.hex, app: World.app)
    private static let inclusion = Inclusion(
        hash: hash, blockNumber: 1, blockHash: BlockHash(Bytes32.keccak256([3])), gasUsed: 1, effectiveGasPrice: 1)
    private static let target = Target(
        cvmID: "cvm_1", vmUUID: nil, app: World.app, chainID: 31337, kms: nil, rpcEndpoint: nil, baseHash: nil,
        correlationID: nil)

    /// Every kind of event, with the phases in which it has a meaning.
    private static let grid: [(Event, Set<Phase>)] = [
        (.surveyed(target, nil), [.created]),
        (.prepareIntended, [.created]),
        (.prepareNotApplied, [.created]),
        (.prepareLeftOpen, [.created]),
        (.prepared(preparation), [.created]),
        (.appliedAtOnce(correlationID: nil), [.created]),
        (.nothingToChange, [.created]),
        (.verified(.recomputed, owner: World.app, atBlock: 1), [.prepared]),
        (.approvalAwaited(.recomputed, owner: World.app, kind: .contract, atBlock: 1), [.prepared]),
        (.foundRegistered(.recomputed, owner: World.app, atBlock: 1), [.prepared, .verified]),
        (.registrationNotRequired, [.prepared]),
        (.signed(attempt, atBlock: 1), [.verified]),
        (.replaced(attempt), [.signed, .broadcast]),
        (.sendIntended(hash, endpoint: nil), [.signed, .broadcast]),
        (.accepted(hash), [.signed, .broadcast]),
        (.mined(inclusion), [.signed, .broadcast, .mined]),
        (.reorganised, [.mined]),
        (.confirmed(inclusion), [.mined]),
        (.nonceSpent(by: hash, inBlock: 1), [.signed, .broadcast, .mined]),
        (.burned(hash), [.signed, .broadcast, .mined]),
        (.approved(hash, atBlock: 1), [.awaitingApproval]),
        (.termsChanged(Terms(goal: .committed)), unfinished),
        (.confirmationIntended(ConfirmationMark(at: Timestamp(milliseconds: 0), correlationBefore: nil)), [.confirmed]),
        (.confirmationNotApplied, [.confirmed]),
        (.confirmationLeftOpen, [.confirmed]),
        (.renewed(preparation), [.confirmed, .awaitingApproval]),
        (.registrationLost(of: 0), [.confirmed, .committed]),
        (.committed(correlationID: nil), [.confirmed]),
        (.running, [.committed]),
        (.reverted(hash, Failure(.reverted, "")), [.signed, .broadcast, .mined]),
        (.overtaken(hash, by: hash), [.signed, .broadcast, .mined]),
        (.failed(Failure(.reverted, "")), unfinished),
        (.superseded(Failure(.superseded, "")), unfinished),
        (.yielded(to: operationID), [.created]),
        (.cancelled, [.created, .prepared, .verified, .signed, .awaitingApproval]),
    ]

    private static let operationID: OperationID = {
        var generator = SystemRandomNumberGenerator()
        return .random(using: &generator)
    }()

    private static let unfinished = Set(Phase.allCases.filter { !$0.isFinal })

    private func operation(in phase: Phase) -> Orchestrator.Operation {
        var generator = SystemRandomNumberGenerator()
        var operation = Orchestrator.Operation(
            id: .random(using: &generator), intent: Intent(cvm: "a", apiURL: "b", change: .patch([:]), signer: nil),
            at: Timestamp(milliseconds: 0))
        operation.phase = phase
        operation.calls = [
            PlannedCall(
                Self.preparation.registration,
                registration: Registration(signer: World.app, nonce: 0, signedAtBlock: 0, attempts: [Self.attempt]))
        ]
        return operation
    }

    @Test("knows every pair of phase and event, and refuses the ones without a meaning")
    func wholeGrid() {
        for (event, phases) in Self.grid {
            for phase in Phase.allCases {
                do {
                    _ = try operation(in: phase).after(event, at: Timestamp(milliseconds: 1))
                    #expect(phases.contains(phase), "\(event.name) was accepted in \(phase)")
                } catch {
                    #expect(!phases.contains(phase), "\(event.name) was refused in \(phase)")
                    #expect(error == IllegalTransition(phase: phase, event: event.name))
                }
            }
        }
    }

    @Test("verifies a call of a contract right after it was created, and ends it when it is confirmed")
    func callOfAContract() throws {
        var generator = SystemRandomNumberGenerator()
        let change = Change.call(ChainCall(.app(World.app, .setAllowAnyDevice(true)), chainID: 31337))
        let intent = Intent(cvm: "a", apiURL: "b", change: change, goal: .confirmed, signer: World.app)
        let created = Orchestrator.Operation(
            id: .random(using: &generator), intent: intent, at: Timestamp(milliseconds: 0))
        #expect(created.nextStep == .verify)
        #expect(throws: IllegalTransition.self) {
            try created.after(.surveyed(Self.target, nil), at: Timestamp(milliseconds: 1))
        }
        let verified = try created.after(
            .verified(.notRequired, owner: World.app, atBlock: 1), at: Timestamp(milliseconds: 1))
        #expect(verified.nextStep == .sign)
        let found = try verified.after(
            .foundRegistered(.notRequired, owner: World.app, atBlock: 1), at: Timestamp(milliseconds: 2))
        #expect(found.isFinished && found.nextStep == .rest && !found.mayBeCancelled)
    }

    @Test("goes from one call of the plan to the next, and back to one that a reorganisation took away")
    func plan() throws {
        let second = ContractCall.app(World.app, .setAllowAnyDevice(true))
        var operation = operation(in: .mined)
        operation.calls.append(PlannedCall(second))
        let next = try operation.after(.confirmed(Self.inclusion), at: Timestamp(milliseconds: 1))
        #expect(next.phase == .prepared && next.call == second && next.registration == nil)
        var signed = try next.after(
            .verified(.recomputed, owner: World.app, atBlock: 1), at: Timestamp(milliseconds: 2))
        let attempt = Attempt(
            hash: TransactionHash(Bytes32.keccak256([9])), raw: [2], purpose: .register, nonce: 1, gasLimit: 1,
            maxFeePerGas: 1, maxPriorityFeePerGas: 1, l1Fee: 0, signedAt: Timestamp(milliseconds: 3))
        signed = try signed.after(.signed(attempt, atBlock: 2), at: Timestamp(milliseconds: 3))
        #expect(signed.attempts.map(\.nonce) == [0, 1])
        signed.phase = .confirmed
        let lost = try signed.after(.registrationLost(of: 0), at: Timestamp(milliseconds: 4))
        #expect(lost.phase == .broadcast && lost.current == 0 && lost.inclusion == nil)
        // What the second call has signed is awaited, not signed anew.
        let again = try lost.after(.mined(Self.inclusion), at: Timestamp(milliseconds: 5))
            .after(.confirmed(Self.inclusion), at: Timestamp(milliseconds: 6))
        #expect(again.phase == .broadcast && again.call == second && again.registration?.nonce == 1)
        #expect(throws: IllegalTransition.self) {
            try signed.after(.registrationLost(of: 2), at: Timestamp(milliseconds: 4))
        }
    }

    @Test("never leaves a final phase")
    func finalPhases() {
        for phase in Phase.allCases where phase.isFinal {
            #expect(operation(in: phase).nextStep == .rest)
            #expect(Self.grid.allSatisfy { !$0.1.contains(phase) })
        }
    }

    @Test("does not cancel once bytes may have left")
    func cancelAfterSending() throws {
        let signed = operation(in: .signed)
        #expect(signed.mayBeCancelled)
        let sending = try signed.after(.sendIntended(Self.hash, endpoint: nil), at: Timestamp(milliseconds: 1))
        #expect(!sending.mayBeCancelled)
        #expect(throws: IllegalTransition.self) { try sending.after(.cancelled, at: Timestamp(milliseconds: 2)) }
    }

    @Test("does not cancel once the change may have been asked for")
    func cancelAfterPatch() throws {
        let sent = try operation(in: .created).after(.prepareIntended, at: Timestamp(milliseconds: 1))
        #expect(!sent.mayBeCancelled)
    }

    @Test("keeps the attempts of a nonce that somebody else spent")
    func keepsAttempts() throws {
        let spent = try operation(in: .broadcast).after(
            .nonceSpent(by: Self.hash, inBlock: 1), at: Timestamp(milliseconds: 1))
        #expect(spent.phase == .verified)
        let other = Attempt(
            hash: TransactionHash(Bytes32.keccak256([9])), raw: [2], purpose: .register, nonce: 1, gasLimit: 1,
            maxFeePerGas: 1, maxPriorityFeePerGas: 1, l1Fee: 0, signedAt: Timestamp(milliseconds: 1))
        let signed = try spent.after(.signed(other, atBlock: 2), at: Timestamp(milliseconds: 2))
        #expect(signed.registration?.attempts.map(\.nonce) == [0, 1])
        #expect(signed.registration?.current == [other])
    }
}
