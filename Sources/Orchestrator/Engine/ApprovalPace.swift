// SPDX-License-Identifier: Apache-2.0

/// When to look for somebody else's approval again: soon at first, once a minute when it takes hours or days.
struct ApprovalPace: Sendable {
    private static let first: Duration = .seconds(1)
    private static let longest: Duration = .seconds(60)

    private let fixed: Duration?
    private var interval: Duration = first

    /// - Parameter fixed: what the operator asked for.
    init(fixed: Duration?) {
        self.fixed = fixed
    }

    /// The pause before the next look; each is longer by a fifth.
    ///
    /// - Parameter blocks: the pause that fits the chain's blocks, which none is shorter than.
    mutating func next(atLeast blocks: Duration) -> Duration {
        if fixed != nil { return blocks }
        defer { interval = min(interval * 6 / 5, Self.longest) }
        return max(interval, blocks)
    }
}
