// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `created`: what is there, what should become of it, and the first phase of the change.
extension OperationRun {
    /// Reads the CVM and computes what its hash should become.
    mutating func survey() async throws(Failure) {
        let target: Target
        let expectation: Expectation?
        do {
            (target, expectation) = try await readBase()
        } catch {
            if error.code.isRetryable { throw error }
            return try await end(error)
        }
        let known = try await newestOperation(target, expectation)
        switch await attemptRecord(.surveyed(target.knowing(known), expectation)) {
        case .success: break
        case .failure(.unfinishedOperation(let other)):
            return try await yield(to: other)
        case .failure(let error): throw error.failure
        }
        if let refusal = refusalBeforePatch(target: target, expectation: expectation) { try await end(refusal) }
    }

    /// Reads the CVM and its compose object, again if an update came between the two.
    private mutating func readBase() async throws(Failure) -> (Target, Expectation?) {
        let name = operation.intent.cvm
        let change = operation.intent.change
        var target = try await ask { cloud throws(CloudError) in try await cloud.cvm(name) }.target
        guard target.chainID != nil || change.touchesCompose else { return (target, nil) }
        for _ in 0..<3 {
            let id = target.cvmID
            let object = try await ask { cloud throws(CloudError) in try await cloud.composeFile(id) }
            let expectation = try ComposeExpectation.of(change, base: object)
            if expectation.candidates.contains(where: { $0.base == target.baseHash }) { return (target, expectation) }
            // The object is not the one that the hash is of: an unknown serialisation, or a newer object.
            let now = try await ask { cloud throws(CloudError) in try await cloud.cvm(id) }.target
            if now.baseHash == target.baseHash { return (target, expectation) }
            target = now
        }
        throw Failure(
            .conflict, "The CVM was updated again and again while it was read. Nothing was sent.",
            hint: "Run 'countersign resume \(operation.id)' when the other updates are over.")
    }

    /// The newest operation that the cloud records: where only its list can tell whether a change was applied, what is
    /// older must not be taken for it.
    private mutating func newestOperation(
        _ target: Target, _ expectation: Expectation?
    ) async throws(Failure) -> String? {
        guard !operation.kind.provisions, target.chainID == nil || expectation?.leavesHash != false else { return nil }
        let since = Timestamp(milliseconds: engine.clock.now().milliseconds - 60_000)
        return try await listed(since: since, of: target.cvmID)?.first?.correlationID
    }

    /// An unfinished operation holds the CVM, known only now that the CVM's id is: the same update goes on there; another
    /// one of which nothing can have taken effect gives way; else this one, of which nothing was sent, is given up.
    private mutating func yield(to id: OperationID) async throws(Failure) {
        let blocked: Failure
        switch await engine.makeWay(for: operation.intent, past: id) {
        case .free: return
        case .sameUpdate: return try await record(.yielded(to: id))
        case .inTheWay(let failure): blocked = failure
        }
        try await record(.cancelled)
        throw blocked
    }

    /// What is refused before the service is asked to change anything.
    func refusalBeforePatch(target: Target, expectation: Expectation?) -> Failure? {
        let intent = operation.intent
        if let refusal = intent.refusal { return refusal }
        let isReplica = operation.kind == .replica
        if case .replica(let order) = intent.change, let refusal = order.refusal(of: target) { return refusal }
        let isOnChain = target.chainID != nil
        let mayChangeHash = isOnChain && expectation?.leavesHash != true
        switch intent.mode {
        case .prepareOnly:
            guard isOnChain else {
                return Failure(
                    .usage,
                    "The CVM's KMS is not on chain, so the service would do it at once. Nothing was sent.",
                    hint: "Leave --prepare-only away.")
            }
            guard mayChangeHash || isReplica else {
                return Failure(
                    .usage,
                    "The change leaves the compose hash as it is, so the service would apply it at once. Nothing was "
                        + "sent.", hint: "Leave --prepare-only away to update it.")
            }
            if let refusal = onChainRefusal(target) { return refusal }
            guard intent.acceptedHash != nil || expectation?.expected(base: target.baseHash).isEmpty == false else {
                return HashVerification.foreignBase(expectation: expectation, base: target.baseHash)
            }
        case .register:
            guard mayChangeHash else { return nil }
            if let refusal = onChainRefusal(target) { return refusal }
            guard engine.signer != nil else {
                return Failure(
                    .config,
                    "The update must be registered on chain, and there is no key to sign with. Nothing was sent.",
                    hint: "Give the owner's key with --key-file, or use --prepare-only for another signer.")
            }
        }
        return nil
    }

    private func onChainRefusal(_ target: Target) -> Failure? {
        guard !operation.intent.allowsOnChain else { return nil }
        return Failure(
            .onChainRefused,
            "The update changes the compose hash, which must be registered on chain \(target.chainID ?? 0), and "
                + "--no-onchain forbids that. Nothing was sent.", hint: "Leave --no-onchain away.")
    }

    /// Has the cloud name the hash of the given object.
    ///
    /// Nothing changes by that, so it needs no mark and is repeated freely.
    mutating func provision() async throws(Failure) {
        guard let target = operation.target else { return try await survey() }
        let change = operation.intent.change
        let answer: PrepareAnswer
        do {
            answer = try await ask { cloud throws(CloudError) in
                if case .replica(let order) = change {
                    return try await cloud.replicate(order, of: target, prepareOnly: true)
                }
                return try await cloud.prepare(change, of: target.cvmID, prepareOnly: false)
            }
        } catch {
            if error.code.isRetryable { throw error }
            return try await end(error)
        }
        try await recordAnswer(answer)
    }

    /// Sends the change, its intent being on disk.
    mutating func prepare() async throws(Failure) {
        guard let target = operation.target else { return try await survey() }
        let intent = operation.intent
        try await record(.prepareIntended)
        do {
            let answer = try await engine.cloud.prepare(
                intent.change, of: target.cvmID, prepareOnly: intent.mode == .prepareOnly)
            try await recordAnswer(answer)
        } catch let error as CloudError {
            try await judgePrepareError(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "\(error)")
        }
    }

    /// What the first phase was answered.
    private mutating func recordAnswer(_ answer: PrepareAnswer) async throws(Failure) {
        switch answer {
        case .applied(let correlationID): try await record(.appliedAtOnce(correlationID: correlationID))
        case .nothingToChange: try await record(.nothingToChange)
        case .hashNamed(let preparation): try await record(.prepared(preparation))
        case .replicaMade(let replica): try await record(.replicaMade(replica))
        }
    }

    private mutating func judgePrepareError(_ error: CloudError) async throws(Failure) {
        if error.leavesOutcomeUnknown {
            try await restAfterPrepare(error)
        } else if error.isRetryable {
            try await record(.prepareLeftOpen)
            try await restAfterPrepare(error)
        } else {
            try await end(error.failure)
        }
    }

    private mutating func restAfterPrepare(_ error: CloudError) async throws(Failure) {
        guard let rest = prepareBackoff.next(atLeast: error.retryAfter, jitter: jitter) else { throw error.failure }
        try await pause(rest, for: "the cloud, which did not answer the update")
    }

    /// Finds out whether a change that may have been sent was applied.
    mutating func findPrepareOutcome() async throws(Failure) {
        guard let target = operation.target, let sentAt = operation.prepareSentAt else { return }
        switch takeDecision() {
        case .ask: break
        case .sendAgain: return try await record(.prepareNotApplied)
        case .assumeApplied: return try await record(.appliedAtOnce(correlationID: nil))
        }
        let now = try await ask { cloud throws(CloudError) in try await cloud.cvm(target.cvmID) }
        let expected = operation.expectation?.expected(base: target.baseHash) ?? []
        if now.target.baseHash != target.baseHash {
            guard let hash = now.target.baseHash, expected.contains(hash) else {
                return try await record(.superseded(.lostUpdate(found: now.target.baseHash)))
            }
            return try await record(.appliedAtOnce(correlationID: now.target.correlationID))
        }
        if operation.needsRegistration {
            // The service applies such a change only after a registration, and then the hash shows it.
            if now.isBusy { return try await pause(.seconds(1), for: "the CVM's operation in progress") }
            return try await record(.prepareLeftOpen)
        }
        if let current = now.target.correlationID, now.isBusy, current != target.correlationID {
            return try await record(.appliedAtOnce(correlationID: current))
        }
        let since: [CloudOperation]
        let first = operation.openPrepare ?? sentAt
        do {
            since = try await ask { cloud throws(CloudError) in
                try await cloud.operations(target.cvmID, since: first)
            }
        } catch {
            throw Failure(
                .unavailable,
                "The answer to the update was lost, and the service cannot tell whether it was applied "
                    + "(\(error.message)). It was not sent again.",
                hint: "Look at the CVM; then run 'countersign resume \(operation.id)' with --send-again or "
                    + "--assume-applied.")
        }
        // The newest comes first; what was there when the CVM was read before is not ours.
        if let applied = since.prefix(while: { $0.correlationID != target.correlationID }).first {
            return try await record(.appliedAtOnce(correlationID: applied.correlationID))
        }
        if try await restUntilSettled(sentAt) { return }
        try await record(.prepareLeftOpen)
    }
}

extension Operation {
    /// Whether the hash of the CVM tells that the change was applied.
    var hashTells: Bool { finalHash != nil && finalHash != target?.baseHash }

    /// Whether the service can apply the change only after a registration on chain.
    var needsRegistration: Bool {
        target?.chainID != nil && expectation?.leavesHash == false
    }
}

extension Failure {
    /// The CVM's hash is neither the one before nor ours.
    static func lostUpdate(found: ComposeHash?) -> Failure {
        Failure(
            .superseded,
            "Somebody else updated the CVM meanwhile: its compose hash is now \(found.map(\.hex) ?? "unknown"), neither "
                + "the one before nor the one of this update.",
            hint: "Look at the CVM with 'countersign cvm get', then run the update again if you still want it.")
    }
}
