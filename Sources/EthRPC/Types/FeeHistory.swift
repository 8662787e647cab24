// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// What recent blocks charged.
public struct FeeHistory: Sendable, Hashable {
    /// One block.
    public struct Entry: Sendable, Hashable {
        /// The base fee in wei per gas.
        public let baseFeePerGas: UInt256

        /// How full the block was, 0 to 1.
        public let gasUsedRatio: Double

        /// Tips in wei per gas at the percentiles that were asked for, rising.
        public let tips: [UInt256]
    }

    /// The number of the first block.
    public let oldestBlock: UInt64

    /// The blocks in their order, at least one.
    public let entries: [Entry]

    /// The base fee of the block after the last, in wei per gas.
    public let nextBaseFeePerGas: UInt256
}

extension FeeHistory {
    /// Reads a history; all its lists must have the lengths that belong together.
    init(_ cursor: JSONCursor, blocks: UInt64, percentiles: Int) throws(JSONShapeError) {
        oldestBlock = try cursor["oldestBlock"].quantity64()
        let ratios = try cursor["gasUsedRatio"].array()
        guard !ratios.isEmpty, ratios.count <= blocks else {
            throw cursor["gasUsedRatio"].mismatch("1 to \(blocks) ratios")
        }
        let fees = try cursor["baseFeePerGas"].array()
        guard fees.count == ratios.count + 1, let next = fees.last else {
            throw cursor["baseFeePerGas"].mismatch("\(ratios.count + 1) fees")
        }
        nextBaseFeePerGas = try next.quantity()
        let rewards = percentiles == 0 ? [] : try cursor["reward"].array()
        guard percentiles == 0 || rewards.count == ratios.count else {
            throw cursor["reward"].mismatch("\(ratios.count) lists of tips")
        }
        var entries: [Entry] = []
        for index in ratios.indices {
            guard let ratio = try ratios[index].number().double, (0...1).contains(ratio) else {
                throw ratios[index].mismatch("number from 0 to 1")
            }
            var tips: [UInt256] = []
            if percentiles > 0 {
                for tip in try rewards[index].array() { tips.append(try tip.quantity()) }
                guard tips.count == percentiles else { throw rewards[index].mismatch("\(percentiles) tips") }
            }
            entries.append(
                Entry(baseFeePerGas: try fees[index].quantity(), gasUsedRatio: ratio, tips: tips))
        }
        self.entries = entries
    }
}
