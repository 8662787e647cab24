// SPDX-License-Identifier: Apache-2.0

/// Narrows down the blocks in one of which a statement about a contract's state became true, by what the contract says
/// at some blocks at a time.
///
/// A value without I/O. Nodes without old states are met: what they do not know makes the search end early, with the
/// blocks that are left.
struct TurningPoint: Sendable, Hashable {
    /// The statement is false here, or nothing is known; the turning point comes later.
    private(set) var low: UInt64

    /// The statement is true here; the turning point is not later.
    private(set) var high: UInt64

    /// Whether somebody said that the statement was false at ``low``.
    private(set) var isLowKnown = false

    /// Whether the statement was true before the first block already.
    private(set) var heldBefore = false

    /// Whether the states of most blocks cannot be asked for.
    private(set) var isBlind = false

    /// - Parameters:
    ///   - first: the first block in which it may have become true.
    ///   - last: a block at whose end it is true, not before `first`.
    init(from first: UInt64, through last: UInt64) {
        low = first - min(first, 1)
        high = max(last, low)
    }

    /// The blocks that may hold the turning point; `nil` when it lies before all of them.
    var blocks: ClosedRange<UInt64>? {
        if heldBefore { return nil }
        return min(low + (low < high ? 1 : 0), high)...high
    }

    /// The blocks whose states to ask for next, ascending; none when there are few enough blocks, or asking is no use.
    ///
    /// - Parameters:
    ///   - count: how many questions go into one request.
    ///   - goal: how many blocks are few enough.
    func probes(_ count: Int, goal: UInt64) -> [UInt64] {
        guard !heldBefore, !isBlind, high - low > max(goal, 1) else { return [] }
        let distance = high - low
        var probes: [UInt64] = []
        // Where several fit into one request, the block before all tells for nothing that it was true before.
        if count > 2, !isLowKnown { probes.append(low) }
        let inner = UInt64(max(count - probes.count, 1))
        for step in 1...inner {
            let (whole, rest) = distance.quotientAndRemainder(dividingBy: inner + 1)
            let offset = whole * step + rest * step / (inner + 1)
            let block = low + offset
            if block > low, block < high, probes.last.map({ $0 < block }) ?? true { probes.append(block) }
        }
        return probes
    }

    /// Takes what was said about the probes; `nil` where nobody could tell.
    mutating func note(_ answers: [(block: UInt64, isTrue: Bool?)]) {
        let known = answers.filter { $0.block >= low && $0.block < high }.sorted { $0.block < $1.block }
        guard !known.isEmpty else {
            isBlind = true
            return
        }
        let lastFalse = known.last { $0.isTrue == false }?.block
        if let lastFalse {
            isLowKnown = true
            if let later = known.first(where: { $0.block > lastFalse && $0.isTrue == true })?.block { high = later }
            low = lastFalse
            return
        }
        // A state that is known is not older than one that is not.
        let oldestTrue = known.first { $0.isTrue == true }?.block
        if known.contains(where: { $0.isTrue == nil }) { isBlind = true }
        guard let oldestTrue else { return }
        if oldestTrue == low { heldBefore = true } else { high = oldestTrue }
    }
}
