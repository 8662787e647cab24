// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

/// Phase `signed`: sending, and finding out whether it was sent.
extension OperationRun {
    /// Marks an attempt and sends it.
    mutating func send(_ hash: TransactionHash) async throws(Failure) {
        try await tendLane()
        try await dispatch(hash)
    }

    /// Marks an attempt as about to be sent, unless it is marked already, and sends it.
    @discardableResult
    mutating func dispatch(_ hash: TransactionHash) async throws(Failure) -> SendVerdict? {
        guard let attempt = operation.registration?.attempt(hash) else { return nil }
        if attempt.sendingAt == nil {
            let endpoint = try connectedChain().endpointName
            try await record(.sendIntended(hash, endpoint: endpoint))
        }
        return try await deliver(hash)
    }

    /// An attempt may have been sent by a process that is gone: look for it, else send the same bytes.
    mutating func findOrSend(_ hash: TransactionHash) async throws(Failure) {
        let seen = try await look()
        if try await settle(seen) { return }
        let mined = operation.registration?.current.last { seen.receipts[$0.hash] != nil }
        if let mined { return try await record(.accepted(mined.hash)) }
        if seen.known.contains(hash) { return try await record(.accepted(hash)) }
        try await tendLane()
        let verdict = try await dispatch(hash)
        guard operation.phase == .signed else { return }
        if let count = seen.countAtHead, laneStall.isStalled(count: count, head: seen.head.number) {
            try await closeGap(seen)
        }
        if verdict?.asksForMore == true, let latest = operation.registration?.latest {
            try await replace(latest, head: seen.head)
        }
        if operation.phase == .signed { try await pause(pace.pause, for: "an endpoint to take the transaction") }
    }

    /// Sends bytes that are on disk with their mark.
    ///
    /// Nothing that an endpoint says here ends the operation.
    private mutating func deliver(_ hash: TransactionHash) async throws(Failure) -> SendVerdict? {
        guard let attempt = operation.registration?.attempt(hash), attempt.sendingAt != nil else { return nil }
        let chain = try connectedChain()
        let verdict: SendVerdict
        do {
            verdict = try await chain.send(attempt.raw)
        } catch {
            guard error.isTransient else { throw error.failure }
            // A lost answer: the next look tells.
            try await pause(pace.pause, for: "the chain, which did not answer the transaction")
            return nil
        }
        switch verdict {
        case .accepted, .alreadyKnown:
            if operation.phase == .signed { try await record(.accepted(hash)) }
        case .nonceTooLow, .underpriced, .replacementUnderpriced, .insufficientFunds, .feeCapBelowBaseFee,
            .intrinsicGas, .gasLimitTooHigh, .feeAboveNodeCap, .poolFull, .nonceTooHigh, .wrongChain, .rejected,
            .unknown:
            await noteRefusal(verdict.description)
        }
        return verdict
    }

    /// Writes into the history what an endpoint said, once in a row.
    private mutating func noteRefusal(_ words: String) async {
        guard refusals.last != words else { return }
        refusals.append(words)
        let entry = HistoryEntry(
            at: engine.clock.now(), phase: operation.phase, event: "endpoint-refused", detail: words)
        do {
            try await engine.store.note(entry, of: operation.id)
        } catch {
            // A note only; what matters is written with the next event.
        }
    }
}

extension SendVerdict {
    /// Whether the endpoint would take the same transaction with higher fees.
    fileprivate var asksForMore: Bool {
        switch self {
        case .underpriced, .replacementUnderpriced, .feeCapBelowBaseFee: true
        case .accepted, .alreadyKnown, .nonceTooLow, .nonceTooHigh, .insufficientFunds, .intrinsicGas,
            .gasLimitTooHigh, .feeAboveNodeCap, .poolFull, .wrongChain, .rejected, .unknown:
            false
        }
    }
}
