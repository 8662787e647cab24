// SPDX-License-Identifier: Apache-2.0

/// A bounded number of growing pauses with jitter, for one thing that failed several times in a row.
struct Backoff: Sendable {
    /// How many pauses there are before it gives up.
    let limit: Int

    private let first: Duration
    private let longest: Duration
    private(set) var used = 0

    init(limit: Int = 6, first: Duration = .milliseconds(250), longest: Duration = .seconds(8)) {
        self.limit = limit
        self.first = first
        self.longest = longest
    }

    /// The next pause, between a half and the whole of twice the last; `nil` when the budget is spent.
    ///
    /// - Parameters:
    ///   - atLeast: what the other side asked for.
    ///   - jitter: a random number from 0 to 1.
    mutating func next(atLeast: Duration?, jitter: Double) -> Duration? {
        guard used < limit else { return nil }
        let whole = min(first * (1 << min(used, 16)), longest)
        used += 1
        return max(whole / 2 + whole / 2 * jitter, min(atLeast ?? .zero, .seconds(60)))
    }
}
