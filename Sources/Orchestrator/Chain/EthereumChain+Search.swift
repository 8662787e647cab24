// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx

/// Finding a transaction whose hash is not known.
extension EthereumChain {
    /// The transaction that spent a nonce, found by bisection over the account's counts.
    public func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce? {
        guard first <= last, try await count(of: signer, at: last) > nonce else { return nil }
        // The first block at whose end the count has passed the nonce holds the transaction.
        var (low, high) = (first, last)
        while low < high {
            let middle = low + (high - low) / 2
            if try await count(of: signer, at: middle) > nonce { high = middle } else { low = middle + 1 }
        }
        let block = try value(
            await perform { node throws(RPCError) in
                try await node.call(.block(.number(low), fullTransactions: true))
            })
        guard let block, case .full(let transactions) = block.transactions else { return nil }
        return transactions.first { $0.from == signer && $0.nonce == nonce }
            .map { SpentNonce(hash: $0.hash, blockNumber: low, blockHash: block.hash) }
    }

    private func count(of signer: Address, at block: UInt64) async throws(ChainFault) -> UInt64 {
        try value(
            await perform { node throws(RPCError) in
                try await node.call(.transactionCount(signer, at: .number(block)))
            })
    }
}

extension ChainFault {
    init(_ error: LogSearchError, endpoint: String) {
        switch error {
        case .service(let error): self = ChainFault(error)
        case .call(let error): self = .unavailable("\(endpoint): \(error)")
        case .tooManyRequests(let limit): self = .unavailable("\(endpoint): the log takes more than \(limit) requests")
        }
    }
}
