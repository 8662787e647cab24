// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `awaiting-approval`: finding the registration that somebody else made.
extension OperationRun {
    /// Looks whether the contract allows the hash, and for the transaction that registered it.
    mutating func findApproval(_ approval: RunOptions.Approval) async throws(Failure) {
        guard let preparation = operation.preparation else { return }
        let limits = try limits()
        while operation.phase == .awaitingApproval {
            let head = try await askChain { chain throws(ChainFault) in try await chain.head() }
            let depth = limits.depthBlock(head: head.number)
            let question = Lookout.Allowance(
                app: preparation.app, hash: preparation.composeHash.bytes32, block: depth)
            if try await look(allowance: question).isAllowed == true {
                let transaction = try await registrationTransaction(approval.proof, depth: depth)
                return try await record(.approved(transaction))
            }
            guard approval.waits else {
                throw Failure(
                    .timeout,
                    "The contract \(preparation.app.checksummed) does not allow the hash \(preparation.composeHash) yet.",
                    hint: "Let the owner register it, then run 'countersign commit \(operation.id)' again.")
            }
            try await pause(max(pace.pause, .seconds(1)), for: "the owner to register the hash")
        }
    }

    /// The transaction that proves the registration; `nil` when the contract's state has to do.
    private mutating func registrationTransaction(
        _ proof: RunOptions.Approval.Proof, depth: UInt64
    ) async throws(Failure) -> TransactionHash? {
        guard let preparation = operation.preparation else { return nil }
        let hash = preparation.composeHash.bytes32
        switch proof {
        case .alreadyRegistered: return nil
        case .transaction(let bytes):
            guard let named = TransactionHash(bytes: bytes) else {
                throw Failure(.usage, "A transaction hash has 32 bytes.")
            }
            let seen = try await askChain { chain throws(ChainFault) in
                try await chain.look(for: Lookout(hashes: [named], signer: nil, allowance: nil, blocks: []))
            }
            guard let receipt = seen.receipts[named], receipt.proves(hash: hash, by: preparation.app) else {
                throw Failure(
                    .transactionVerificationFailed,
                    "The transaction \(named) is not seen on chain as a registration of \(preparation.composeHash) by "
                        + "\(preparation.app.checksummed).",
                    hint: "Check the hash, or leave it away: the registration is then looked for.")
            }
            return named
        case .search:
            // Prepared elsewhere: the log is searched back as far as ten requests of most endpoints reach.
            let first = operation.verifiedAtBlock ?? depth - min(depth, 100_000)
            let receipt = try await askChain { chain throws(ChainFault) in
                try await chain.registration(of: hash, by: preparation.app, from: min(first, depth), through: depth)
            }
            guard let receipt, receipt.proves(hash: hash, by: preparation.app) else { return nil }
            return receipt.transactionHash
        }
    }
}
