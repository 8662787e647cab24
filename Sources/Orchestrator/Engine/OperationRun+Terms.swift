// SPDX-License-Identifier: Apache-2.0

/// Before the first step: what the operator says now, and what a process that died was about to refuse.
extension OperationRun {
    /// Stores the terms that the operator names in this run, if they are others than those stored.
    ///
    /// A transaction that is signed already can't be unsigned: terms that forbid it stop the run, and change nothing.
    mutating func takeTerms() async throws(Failure) {
        guard let terms = options.terms, !operation.isFinished, operation.phase != .moved else { return }
        let intent = operation.intent.under(terms)
        guard intent != operation.intent else { return }
        if let refusal = intent.refusal { throw refusal }
        guard intent.allowsOnChain || operation.registrations.isEmpty else {
            throw Failure(
                .onChainRefused,
                "The same change is under way as \(operation.id), whose registration has been signed and may be on chain; "
                    + "--no-onchain comes too late for it.",
                hint: "Finish it with 'countersign resume \(operation.id)', or give it up with 'countersign cancel "
                    + "\(operation.id) --replace'.")
        }
        try await record(.termsChanged(terms))
    }

    /// Refuses what was to be refused when the CVM had been read, in case the process died between the two.
    mutating func refuseUnsent() async throws(Failure) {
        guard operation.phase == .created, let target = operation.target, operation.prepareSentAt == nil,
            operation.openPrepare == nil,
            let refusal = refusalBeforePatch(target: target, expectation: operation.expectation)
        else { return }
        // Another run may come with the key that this one has not.
        if refusal.code == .config { throw refusal }
        try await end(refusal)
    }
}
