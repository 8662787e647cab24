// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

/// The tip that recent blocks suggest, before any limit of the operator's.
enum TipAdvice {
    /// How many of the newest blocks are looked at.
    static let blocks: UInt64 = 20

    /// Of the gas in a block, ordered by tip: the half, and three quarters where blocks are full.
    static let percentiles: [UInt8] = [50, 75]

    /// How full a block is that leaves transactions waiting: EIP-1559 aims at half.
    private static let full = 0.9

    /// The median, over the blocks that were paid a tip, of the tip at the percentile; the node's own suggestion where
    /// no block was; the least where there is neither.
    ///
    /// - Parameters:
    ///   - history: `eth_feeHistory` of the newest blocks; `nil` when the node has none.
    ///   - suggestion: `eth_maxPriorityFeePerGas`, in wei per gas.
    static func tip(history: FeeHistory?, suggestion: UInt256?) -> UInt256 {
        let entries = history?.entries ?? []
        let isCrowded = entries.count { $0.gasUsedRatio >= full } * 2 > entries.count
        let tips = entries.compactMap { isCrowded ? $0.tips.last : $0.tips.first }.filter { $0 > 0 }.sorted()
        guard !tips.isEmpty else { return suggestion ?? FeePolicy.leastTip }
        return tips[tips.count / 2]
    }
}
