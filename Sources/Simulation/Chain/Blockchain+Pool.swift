// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Orchestrator

/// What endpoints take into the pool, in what words they refuse.
extension Blockchain {
    /// A transaction arrives at an endpoint.
    func receive(_ index: Int, endpoint: Int, view: Branch, _ draw: inout Draw) -> SendVerdict {
        let transaction = transactions[index]
        let bit: UInt64 = 1 << UInt64(endpoint)
        if let place = pool.firstIndex(where: { $0.transaction == index }) {
            pool[place].endpoints |= bit
            return .alreadyKnown
        }
        if placement(of: index, in: view) != nil { return draw.chance(500) ? .alreadyKnown : .nonceTooLow }
        guard transaction.nonce >= count(of: transaction.signer, at: view.head, in: view) else { return .nonceTooLow }
        if isBroke { return .insufficientFunds }
        if let rival = pool.firstIndex(where: {
            transactions[$0.transaction].signer == transaction.signer
                && transactions[$0.transaction].nonce == transaction.nonce
        }) {
            let standing = transactions[pool[rival].transaction]
            guard Self.raises(transaction.maxFee, standing.maxFee), Self.raises(transaction.tip, standing.tip) else {
                return .replacementUnderpriced
            }
            pool.remove(at: rival)
        } else if transaction.maxFee < baseFee, draw.chance(300) {
            return .feeCapBelowBaseFee
        }
        pool.append(Pooled(transaction: index, endpoints: bit))
        return .accepted
    }

    /// Whether a fee is at least an eighth above another.
    private static func raises(_ fee: UInt64, _ other: UInt64) -> Bool {
        UInt128(fee) * 8 >= UInt128(other) * 9
    }

    /// Whether an endpoint has a transaction in its pool.
    func pools(_ index: Int, endpoint: Int) -> Bool {
        pool.contains { $0.transaction == index && $0.endpoints & 1 << UInt64(endpoint) != 0 }
    }

    /// An account's count by an endpoint's pool.
    func pendingCount(of signer: Int, endpoint: Int, view: Branch) -> UInt64 {
        var count = count(of: signer, at: view.head, in: view)
        while pool.contains(where: {
            $0.endpoints & 1 << UInt64(endpoint) != 0 && transactions[$0.transaction].signer == signer
                && transactions[$0.transaction].nonce == count
        }) {
            count += 1
        }
        return count
    }
}
