// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `awaiting-approval`: finding the registration that somebody else made.
extension OperationRun {
    /// Looks whether the contracts say what the operation needs, and for the transaction that brought it about.
    ///
    /// With an approval that is waited for, an endpoint that is out of reach for a while is waited for as well.
    mutating func findApproval(_ approval: RunOptions.Approval) async throws(Failure) {
        guard operation.call != nil else { return }
        if operation.isTokenWithheld { throw .tokenWithheld(operation.id) }
        var pace = ApprovalPace(fixed: options.pollInterval)
        var hasAnswered = false
        while operation.phase == .awaitingApproval {
            var what = "the owner to approve"
            do throws(Failure) {
                switch try await approvalStanding() {
                case .deep(let block, let head):
                    let transaction = try await transaction(approval.proof, depth: block)
                    try await record(.approved(transaction, atBlock: head))
                    extendDeadline(by: approval.rest)
                    return
                case .recent:
                    hasAnswered = true
                    guard approval.waits else { throw notApproved("deep enough in the chain") }
                    try await pause(self.pace.pause, for: "the approval's block to be deep enough")
                    continue
                case .none:
                    hasAnswered = true
                    guard approval.waits else { throw notApproved("approved") }
                }
            } catch {
                guard approval.waits, isPassing(error, hasAnswered: hasAnswered), deadline > engine.clock.uptime()
                else {
                    throw error
                }
                what = "the chain, which is out of reach, and then for the owner to approve"
            }
            try await pause(pace.next(atLeast: self.pace.pause), for: what)
        }
    }

    /// What the chain says of the approval.
    private enum ApprovalStanding {
        /// Nobody has approved.
        case none
        /// Somebody has, not yet as deep as facts count.
        case recent
        /// It counts, at this block under this head.
        case deep(UInt64, head: UInt64)
    }

    /// One request while there is no approval, one more when there is.
    private mutating func approvalStanding() async throws(Failure) -> ApprovalStanding {
        let limits = try limits()
        let fact = ContractFact.all(operation.calls.map { operation.effect(of: $0.call) })
        let seen = try await look(question: Lookout.Question(fact: fact, block: nil))
        guard seen.isInEffect == true else { return .none }
        // Block and state of one answer may be a block apart, and the next answer may be of another endpoint, on another
        // branch: only what is deep by its own head counts.
        let depth = limits.depthBlock(head: seen.head.number)
        let atDepth = try await look(question: Lookout.Question(fact: fact, block: depth))
        let isDeep = atDepth.isInEffect == true && limits.isDeep(depth, head: atDepth.head.number)
        return isDeep ? .deep(depth, head: seen.head.number) : .recent
    }

    /// Whether a failure ends by itself, so that whoever waits for days goes on waiting.
    private func isPassing(_ failure: Failure, hasAnswered: Bool) -> Bool {
        // A page of maintenance in place of an endpoint that was one passes as well.
        [.unavailable, .rateLimited].contains(failure.code) || (hasAnswered && failure.code == .notAnRPCEndpoint)
    }

    private func notApproved(_ what: String) -> Failure {
        let calls = operation.calls.map(\.call.summary).joined(separator: ", ")
        return Failure(
            .timeout, "Not \(what) yet: \(calls). Nothing was sent.",
            hint:
                "Let the owner approve, then run 'countersign commit \(operation.id)' again; with --await-approval SECONDS "
                + "it waits.")
    }

    /// The transaction that proves the last call; `nil` when the contract's state has to do.
    private mutating func transaction(
        _ proof: RunOptions.Approval.Proof, depth: UInt64
    ) async throws(Failure) -> TransactionHash? {
        guard let call = operation.calls.last?.call else { return nil }
        switch proof {
        case .alreadyRegistered: return nil
        case .transaction(let bytes):
            guard let named = TransactionHash(bytes: bytes) else {
                throw Failure(.usage, "A transaction hash has 32 bytes.")
            }
            let seen = try await askChain { chain throws(ChainFault) in
                try await chain.look(for: Lookout(hashes: [named], signer: nil, question: nil, blocks: []))
            }
            guard let receipt = seen.receipts[named], receipt.isSuccess, receipt.logs.contains(where: call.isLogged)
            else {
                throw Failure(
                    .transactionVerificationFailed,
                    "The transaction \(named) is not seen on chain as \(call.summary).",
                    hint: "Check the hash, or leave it away: the registration is then looked for.")
            }
            // The service knows a registration by a transaction to the app itself, not one through a Safe.
            return call.isProven(by: receipt) ? named : nil
        case .search:
            return try await foundTransaction(of: call, depth: depth)
        }
    }

    /// The transaction as the log shows it; `nil` when nothing can be found, since the contract's state is proof enough.
    private mutating func foundTransaction(
        of call: ContractCall, depth: UInt64
    ) async throws(Failure) -> TransactionHash? {
        // The head of then may have been another one since, or that of an endpoint that was ahead.
        let margin: UInt64 = 100
        let first = operation.verifiedAtBlock.map { $0 - min($0, margin) } ?? 0
        do {
            let receipt = try await askChain { chain throws(ChainFault) in
                try await chain.transaction(of: call, from: min(first, depth), through: depth)
            }
            guard let receipt, call.isProven(by: receipt) else { return nil }
            return receipt.transactionHash
        } catch {
            guard error.code == .unavailable || error.code == .rateLimited else { throw error }
            return nil
        }
    }
}

extension Failure {
    /// The operation came without the credential of its commit.
    static func tokenWithheld(_ id: OperationID) -> Failure {
        Failure(
            .config,
            "Operation \(id) was exported without its commit token, so it cannot be committed here. Nothing was sent.",
            hint: "Run 'countersign commit \(id) --token TOKEN'; whoever prepared the update has the token.")
    }
}
