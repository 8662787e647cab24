// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `awaiting-approval`: finding the registration that somebody else made.
extension OperationRun {
    /// Looks whether the contract allows the hash, and for the transaction that registered it.
    mutating func findApproval(_ approval: RunOptions.Approval) async throws(Failure) {
        guard let call = operation.call else { return }
        let limits = try limits()
        while operation.phase == .awaitingApproval {
            let head = try await askChain { chain throws(ChainFault) in try await chain.head() }
            let depth = limits.depthBlock(head: head.number)
            let question = Lookout.Question(
                fact: .all(operation.calls.map { operation.effect(of: $0.call) }), block: depth)
            if try await look(question: question).isInEffect == true {
                let transaction = try await transaction(approval.proof, depth: depth)
                return try await record(.approved(transaction))
            }
            guard approval.waits else {
                throw Failure(
                    .timeout,
                    "The contract \(call.contract.checksummed) does not allow the hash "
                        + "\(operation.preparation?.composeHash.hex ?? "") yet.",
                    hint: "Let the owner register it, then run 'countersign commit \(operation.id)' again.")
            }
            try await pause(max(pace.pause, .seconds(1)), for: "the owner to register the hash")
        }
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
            guard let receipt = seen.receipts[named], call.isProven(by: receipt) else {
                throw Failure(
                    .transactionVerificationFailed,
                    "The transaction \(named) is not seen on chain as \(call.summary).",
                    hint: "Check the hash, or leave it away: the registration is then looked for.")
            }
            return named
        case .search:
            // Prepared elsewhere: the log is searched back as far as ten requests of most endpoints reach.
            let first = operation.verifiedAtBlock ?? depth - min(depth, 100_000)
            let receipt = try await askChain { chain throws(ChainFault) in
                try await chain.transaction(of: call, from: min(first, depth), through: depth)
            }
            guard let receipt, call.isProven(by: receipt) else { return nil }
            return receipt.transactionHash
        }
    }
}
