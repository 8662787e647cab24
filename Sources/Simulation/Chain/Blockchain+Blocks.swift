// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Blocks and reorganisations.
extension Blockchain {
    /// Makes one block.
    ///
    /// - Parameters:
    ///   - room: how many transactions fit.
    ///   - passedOver: how often in a thousand a transaction is left for a later block.
    /// - Returns: what went into it.
    func mine(room: Int, passedOver: Int, _ draw: inout Draw) -> [Int] {
        canonical.head += 1
        highest = max(highest, canonical.head)
        var mined: [Int] = []
        var place = 0
        while place < pool.count, mined.count < room {
            let index = pool[place].transaction
            let transaction = transactions[index]
            let isNext = transaction.nonce == count(of: transaction.signer, at: canonical.head, in: canonical)
            if isNext, transaction.maxFee >= baseFee, !draw.chance(passedOver) {
                include(index)
                reached[transaction.signer] = max(reached[transaction.signer], transaction.nonce + 1)
                mined.append(index)
                pool.remove(at: place)
                // A later nonce may have been passed by already.
                place = 0
            } else {
                place += 1
            }
        }
        dropSpent()
        return mined
    }

    /// Many blocks without any transaction.
    func skip(_ blocks: UInt64) {
        canonical.head += blocks
        highest = max(highest, canonical.head)
    }

    private func include(_ index: Int) {
        let transaction = transactions[index]
        let isSuccess: Bool
        switch transaction.call {
        case .write(let app, _):
            isSuccess = owner(of: app, at: canonical.head, in: canonical) == transaction.signer
        case .nothing: isSuccess = true
        }
        canonical.placements.append(Placement(transaction: index, block: canonical.head, isSuccess: isSuccess))
    }

    /// Drops from the pool what can never be mined on this branch.
    private func dropSpent() {
        pool.removeAll {
            let transaction = transactions[$0.transaction]
            return transaction.nonce < count(of: transaction.signer, at: canonical.head, in: canonical)
        }
    }

    /// Every endpoint hears of what is in the pool, or of most of it.
    func gossip(_ draw: inout Draw) {
        for place in pool.indices where !draw.chance(150) { pool[place].endpoints = .max }
    }

    /// Forgets one transaction of the pool.
    func evict(_ draw: inout Draw) -> Int? {
        pool.isEmpty ? nil : pool.remove(at: draw.below(pool.count)).transaction
    }

    /// Replaces the newest blocks by others; never as deep as facts count.
    ///
    /// - Parameters:
    ///   - depth: how many blocks are taken away.
    ///   - lost: how often in a thousand a transaction of these blocks is forgotten.
    /// - Returns: how many were.
    func reorganise(depth wanted: UInt64, lost: Int, keepsOldView: Int, now: Int64, _ draw: inout Draw) -> UInt64 {
        let least = highest - min(highest, confirmations - 1)
        guard canonical.head > least else { return 0 }
        let depth = min(wanted, canonical.head - least)
        for endpoint in stale.indices where draw.chance(keepsOldView) {
            stale[endpoint] = (canonical, now + Int64(draw.between(1, 20)) * 1_000_000)
        }
        let fork = canonical.head - depth
        let removed = canonical.placements.filter { $0.block > fork }
        canonical.placements.removeAll { $0.block > fork }
        canonical.head = fork
        forkCount += 1
        canonical.forks.removeAll { $0.from > fork }
        canonical.forks.append(Branch.Fork(from: fork + 1, number: forkCount))
        for placement in removed where !draw.chance(lost) {
            let transaction = transactions[placement.transaction]
            let isContested = pool.contains {
                transactions[$0.transaction].signer == transaction.signer
                    && transactions[$0.transaction].nonce == transaction.nonce
            }
            // Of two at one nonce either may be kept.
            if isContested {
                guard draw.chance(500) else { continue }
                pool.removeAll {
                    transactions[$0.transaction].signer == transaction.signer
                        && transactions[$0.transaction].nonce == transaction.nonce
                }
            }
            pool.append(Pooled(transaction: placement.transaction, endpoints: .max))
        }
        forkedAt = now
        return depth
    }

    /// What an endpoint shows now.
    func view(of endpoint: Int, now: Int64, lag: UInt64) -> Branch {
        if let old = stale[endpoint] {
            if old.until > now { return old.branch }
            stale[endpoint] = nil
        }
        return lag == 0 ? canonical : canonical.before(canonical.head - min(lag, canonical.head))
    }
}
