// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Giving an operation up.
extension OperationRun {
    /// Ends the operation if nothing can have taken effect; else, if asked to, uses its nonce up.
    mutating func cancel(replace: Bool) async throws(OperationStop) -> Operation {
        do {
            try await takeTerms()
            try await cancelOrBurn(replace: replace)
        } catch {
            throw OperationStop(error, operation: operation.id, phase: operation.phase)
        }
        return operation
    }

    private mutating func cancelOrBurn(replace: Bool) async throws(Failure) {
        if operation.phase == .cancelled { return }
        if operation.mayBeCancelled {
            switch await attemptRecord(.cancelled, ledger: operation.releasedNonces) {
            case .success: return
            case .failure(.nonceNeeded(let nonce)):
                // Later transactions of the signer wait for this nonce: it has to be used up.
                guard replace else { throw StoreError.nonceNeeded(nonce).failure }
            case .failure(let error): throw error.failure
            }
        }
        if !operation.phase.isFinal, operation.phase != .committed,
            let made = operation.calls.first(where: { $0.inclusion != nil })
        {
            throw Failure(
                .conflict,
                "A transaction of the operation is on chain: \(made.call.summary). So the operation cannot be cancelled.",
                hint: "Finish it with 'countersign resume \(operation.id)', then take back what you do not want.")
        }
        guard operation.phase == .signed || operation.phase == .broadcast else {
            throw Failure(
                operation.phase.isFinal || operation.phase == .committed ? .finalConflict : .conflict,
                "The operation is in phase \(operation.phase.rawValue); it cannot be cancelled any more.",
                hint: "Run 'countersign status \(operation.id)' to see what it has done.")
        }
        guard replace else {
            throw Failure(
                .conflict, "A signed transaction may have been sent, so the registration may still be mined.",
                hint: "Run 'countersign cancel \(operation.id) --replace' to send a transfer of 0 at the same nonce.")
        }
        try await burn()
        while operation.phase == .signed || operation.phase == .broadcast { try await awaitBurn() }
        // Somebody else's transaction has used the nonce up: nothing of the operation can be mined any more.
        if operation.mayBeCancelled { return try await record(.cancelled, ledger: operation.releasedNonces) }
        guard operation.phase == .cancelled else {
            throw Failure(
                operation.phase.isFinal ? .finalConflict : .conflict,
                "The registration was mined before the transfer that should have replaced it"
                    + (operation.phase == .failed
                        ? ", and failed: it changed nothing, and the operation has ended." : "."),
                hint: operation.phase.isFinal
                    ? "Run 'countersign status \(operation.id)' to see why it failed."
                    : "Run 'countersign resume \(operation.id)' to finish the update.")
        }
    }

    /// Signs and sends a transfer of 0 to oneself at the registration's nonce.
    private mutating func burn() async throws(Failure) {
        guard let latest = operation.registration?.latest, latest.purpose == .register else { return }
        guard let signer = engine.signer, signer.address == operation.registration?.signer else {
            throw Failure(
                .signerMismatch, "The nonce can be used up only with the key that signed the registration.",
                hint: "Give that key with --key-file.")
        }
        let head = try await askChain { chain throws(ChainFault) in try await chain.head() }
        let elsewhere = operation.costElsewhere(than: latest.nonce)
        guard
            let quote = FeePolicy(limits: try limits()).replacement(
                of: latest, baseFeePerGas: head.baseFeePerGas, spentElsewhere: elsewhere,
                gasLimit: FeePolicy.transferGas)
        else {
            throw Failure(
                .feeCap, "The caps leave no room for a transaction that replaces the one at nonce \(latest.nonce).",
                hint: "Raise --max-fee-gwei and --max-priority-fee-gwei by an eighth.")
        }
        let attempt = try await signedAttempt(
            signer, nonce: latest.nonce, quote: quote, purpose: .burn, to: signer.address, data: [])
        try await record(.replaced(attempt))
        try await dispatch(attempt.hash)
    }

    /// Waits until either transaction at the nonce is decided.
    private mutating func awaitBurn() async throws(Failure) {
        let seen = try await look()
        if try await settle(seen) { return }
        if let latest = operation.registration?.latest, !seen.known.contains(latest.hash),
            !seen.shows(receiptOf: operation.registration?.current ?? [])
        {
            try await tendLane()
            try await dispatch(latest.hash)
        }
        try await pause(pace.pause, for: "a block with the replacing transaction")
    }
}
