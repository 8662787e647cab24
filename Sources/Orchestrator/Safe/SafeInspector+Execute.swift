// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx

/// Whether a signed transaction of a Safe can be executed now.
public enum SafeReadiness: Sendable, Hashable {
    /// It can; what is to be sent.
    case ready(SafeExecution)
    /// What it does is in effect; the transaction that executed it, if it was found.
    case inEffect(TransactionHash?)
}

extension SafeInspector {
    /// Whether a proposal can be executed by an account.
    ///
    /// - Parameter sender: who will send it; an owner who sends need not have signed.
    /// - Throws: `signatures-missing` when too few owners of the Safe as it is now have signed; `conflict` when an earlier
    ///   transaction of the Safe comes first, another one took its nonce, or it was executed and undone since.
    public func readiness(of proposal: SafeProposal, sender: Address) async throws(Failure) -> SafeReadiness {
        let plain = try execution(proposal, [])
        let head = try await ask { chain throws(ChainFault) in try await chain.head() }.number
        let depth = limits.depthBlock(head: head)
        let query = SafeQuery(
            safe: proposal.transaction.safe, writes: plain.writes, batchContracts: [], sample: proposal.transaction,
            block: depth)
        let standing = try await ask { chain throws(ChainFault) in try await chain.standing(of: query) }
        let safe = try refuseStranger(standing, query)
        let nonce = proposal.transaction.nonce
        if safe.nonce > nonce {
            let found = try await executing(plain, proposal, through: depth)
            if standing.isInEffect { return .inEffect(found) }
            if let found { throw Self.undone(plain.writes, standing, since: found) }
            throw Failure(
                .finalConflict,
                "The Safe's nonce is \(safe.nonce.decimal) and this transaction has \(nonce.decimal): another transaction "
                    + "took its place, and this one can never be executed. Nothing was sent.",
                hint: "Propose it again with 'countersign safe propose', and let the owners sign anew.")
        }
        if standing.isInEffect { return .inEffect(nil) }
        guard safe.nonce == nonce else {
            throw Failure(
                .conflict,
                "The Safe's nonce is \(safe.nonce.decimal) and this transaction has \(nonce.decimal): "
                    + "the Safe's earlier transactions come first. Nothing was sent.",
                hint: "Execute those first, then run 'countersign safe exec' again.")
        }
        return .ready(try execution(proposal, try enough(proposal, safe, sender: sender)))
    }

    /// A transaction that was executed can never be executed again, whatever has become of its writes.
    private static func undone(
        _ writes: [SafeExecution.Write], _ standing: SafeStanding, since hash: TransactionHash
    ) -> Failure {
        let missing = zip(writes, standing.prospects).filter { !$1.isInEffect }.map { item, _ in
            ContractCall.app(item.app, item.write).summary
        }
        return Failure(
            .finalConflict,
            "The transaction was executed in \(hash), but what it did is no longer in effect: "
                + missing.joined(separator: ", ") + ". Nothing was sent.",
            hint:
                "Find out who undid it. If it is still wanted, propose it again with 'countersign safe propose', and let "
                + "the owners sign anew.")
    }

    /// The transaction by which a proposal was executed.
    private func executing(
        _ execution: SafeExecution, _ proposal: SafeProposal, through depth: UInt64
    ) async throws(Failure) -> TransactionHash? {
        // A block of grace: the head may have been reorganised since.
        let first = min(proposal.proposedAtBlock - min(proposal.proposedAtBlock, 64), depth)
        let receipt = try await ask { chain throws(ChainFault) in
            try await chain.transaction(of: .safe(execution), from: first, through: depth)
        }
        return receipt?.transactionHash
    }

    /// As many signatures of owners as the threshold now is.
    private func enough(
        _ proposal: SafeProposal, _ safe: Facts, sender: Address
    ) throws(Failure) -> [SafeSignature] {
        var signatures = proposal.signatures.filter { safe.owners.contains($0.owner) }
        if UInt64(signatures.count) < safe.threshold, safe.owners.contains(sender),
            !signatures.contains(where: { $0.owner == sender })
        {
            signatures.append(.preValidated(by: sender))
        }
        guard UInt64(signatures.count) >= safe.threshold else {
            let missing = safe.owners.filter { owner in !signatures.contains { $0.owner == owner } }
            throw Failure(
                .signaturesMissing,
                "\(signatures.count) of \(safe.threshold) owners that are needed have signed. Nothing was sent.",
                hint: "Any of these can sign with 'countersign safe sign': "
                    + missing.map(\.checksummed).joined(separator: ", ") + ".")
        }
        return signatures.sorted { $0.owner < $1.owner }.prefix(Int(clamping: safe.threshold)).map(\.self)
    }

    private func execution(
        _ proposal: SafeProposal, _ signatures: [SafeSignature]
    ) throws(Failure) -> SafeExecution {
        do {
            return try SafeExecution(
                transaction: proposal.transaction, signatures: SafeSignature.concatenate(signatures))
        } catch { throw Failure(.badInput, "The transaction is not accepted: \(error).") }
    }
}
