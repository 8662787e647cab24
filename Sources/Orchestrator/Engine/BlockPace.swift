// SPDX-License-Identifier: Apache-2.0

/// When to look at the chain again: often when a block is due, seldom otherwise, never without a pause.
struct BlockPace: Sendable {
    private static let shortest: Duration = .milliseconds(100)
    private static let longest: Duration = .seconds(2)

    private let fixed: Duration?
    private var interval: Duration
    private var head: (number: UInt64, seenAt: Duration)?

    /// - Parameter fixed: what the operator asked for.
    init(fixed: Duration?, chainID: UInt64?) {
        self.fixed = fixed
        switch chainID {
        case 1: interval = .seconds(12)
        case 8453: interval = .seconds(2)
        default: interval = .seconds(1)
        }
    }

    /// Notes a head; the time between two heads that were seen is the measure of the chain's blocks.
    mutating func note(head number: UInt64, at now: Duration) {
        guard let last = head else {
            head = (number, now)
            return
        }
        guard number > last.number else { return }
        let perBlock = (now - last.seenAt) / Int(clamping: min(number - last.number, 1 << 20))
        interval = min(max((interval + perBlock) / 2, Self.shortest), .seconds(15))
        head = (number, now)
    }

    /// The pause before the next look.
    var pause: Duration {
        fixed.map { max($0, .milliseconds(10)) } ?? min(max(interval / 5, Self.shortest), Self.longest)
    }
}
