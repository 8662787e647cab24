// SPDX-License-Identifier: Apache-2.0

import PhalaCloud

/// Phase `confirmed`: finding out what became of a confirmation whose answer was lost.
extension OperationRun {
    /// The mark of a confirmation that is about to be sent.
    ///
    /// Where the hash stays as it is, only the cloud's list will tell whether it was applied; what is the newest there
    /// before the confirmation is not ours.
    mutating func mark(before cvm: CvmSnapshot) async throws(Failure) -> ConfirmationMark {
        let shown = cvm.target.correlationID
        guard !operation.hashTells else {
            return ConfirmationMark(at: engine.clock.now(), correlationBefore: shown)
        }
        let newest = try await listed(since: operation.createdAt)?.first
        return ConfirmationMark(at: engine.clock.now(), correlationBefore: newest?.correlationID ?? shown)
    }

    /// A confirmation may have been sent by a process that is gone, or its answer was lost: what the CVM shows and the
    /// service's list of operations decide.
    mutating func findConfirmationOutcome() async throws(Failure) {
        if operation.kind == .replica { return try await findReplica() }
        guard let target = operation.target, let mark = operation.confirmation else { return }
        let cvm = try await ask { cloud throws(CloudError) in try await cloud.cvm(target.cvmID) }
        if try await settle(cvm) { return }
        if cvm.isBusy {
            return try await pause(.milliseconds(500), for: "the CVM's operation in progress to end")
        }
        let ours: CloudOperation?
        if operation.hashTells {
            // The CVM is idle with the hash from before. Without a list, or without one in it that still runs, nothing
            // was applied.
            let since = try await listed(since: mark.at) ?? []
            ours = since.first { $0.correlationID != mark.correlationBefore && !$0.hasEnded }
        } else {
            let mark = operation.openConfirmation ?? mark
            switch takeDecision() {
            case .sendAgain: return try await record(.confirmationNotApplied)
            case .assumeApplied: return try await record(.committed(correlationID: nil))
            case .ask: break
            }
            guard let since = try await listed(since: mark.at) else { throw unknownOutcome }
            ours = since.prefix { $0.correlationID != mark.correlationBefore }.first
        }
        if let ours { return try await record(.committed(correlationID: ours.correlationID)) }
        if !operation.hashTells, try await restUntilSettled(mark.at) { return }
        try await record(.confirmationLeftOpen)
    }

    /// What the cloud's list shows of a confirmation that leaves the hash as it is, and of others before it that were
    /// never answered; `nil` if the hash tells, if nothing is there, or without a list.
    mutating func listedApplication(since mark: ConfirmationMark) async throws(Failure) -> CloudOperation? {
        guard !operation.hashTells else { return nil }
        return try await listed(since: mark.at)?.prefix { $0.correlationID != mark.correlationBefore }.first
    }

    /// A request that was sent a moment ago may still be under way.
    ///
    /// One that the service would carry out again is not repeated before that, once more looking after the rest.
    ///
    /// - Returns: whether it rested.
    mutating func restUntilSettled(_ sentAt: Timestamp) async throws(Failure) -> Bool {
        guard settled != sentAt else { return false }
        settled = sentAt
        let age = engine.clock.now().milliseconds - sentAt.milliseconds
        guard age < Self.settlingTime else { return false }
        // A clock that was set back must not make this longer.
        try await pause(.milliseconds(Self.settlingTime - max(age, 0)), for: "a request under way to arrive")
        return true
    }

    /// Milliseconds.
    private static let settlingTime: Int64 = 5000

    /// The cloud's operations on the CVM since a moment, newest first; `nil` where the service has no such list.
    mutating func listed(
        since moment: Timestamp, of cvm: String? = nil
    ) async throws(Failure) -> [CloudOperation]? {
        guard let id = cvm ?? operation.observedCvm else { return nil }
        do {
            return try await ask { cloud throws(CloudError) in try await cloud.operations(id, since: moment) }
        } catch {
            if error.code.isRetryable { throw error }
            return nil
        }
    }

    private var unknownOutcome: Failure {
        Failure(
            .unavailable,
            "The answer to the commit was lost, the compose hash stays as it is, and the service has no list that tells "
                + "whether it was applied. It was not sent again.",
            hint:
                "Look at the CVM; then run 'countersign resume \(operation.id)' with --send-again or --assume-applied.")
    }
}

extension CloudOperation {
    /// Whether it is over, one way or the other.
    var hasEnded: Bool { status == "completed" || status == "failed" }
}
