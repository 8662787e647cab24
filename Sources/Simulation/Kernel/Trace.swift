// SPDX-License-Identifier: Apache-2.0

/// What happened in a run: always as a digest, and as lines of text when somebody wants to read it.
struct Trace {
    /// Whether lines are kept.
    let keepsText: Bool

    /// A digest of everything that was noted, in order.
    private(set) var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    /// The lines.
    private(set) var lines: [String] = []

    init(keepsText: Bool) {
        self.keepsText = keepsText
    }

    mutating func note(_ time: Int64, _ code: UInt64, _ text: () -> String) {
        digest = (digest ^ UInt64(bitPattern: time)) &* 0x0000_0100_0000_01b3
        digest = (digest ^ code) &* 0x9e37_79b9_7f4a_7c15
        digest ^= digest >> 29
        guard keepsText else { return }
        let milliseconds = String(time / 1000)
        let padding = String(repeating: " ", count: max(0, 8 - milliseconds.utf8.count))
        lines.append(padding + milliseconds + " ms  " + text())
    }
}
