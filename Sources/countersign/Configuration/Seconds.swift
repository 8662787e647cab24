// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// Durations as they are typed: seconds, with decimals if need be.
enum Seconds {
    /// The longest duration that is accepted: a year.
    private static let limit = 31_536_000.0

    /// Reads a duration.
    static func parse(_ setting: Setting<String>?) throws(Stop) -> Duration? {
        guard let setting else { return nil }
        let text = setting.value
        let digits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == 0x2e }
        guard digits, let seconds = Double(text), seconds.isFinite, (0...limit).contains(seconds) else {
            throw setting.source.stop("must be a number of seconds, not \(SafeText.line(text, limit: 60))")
        }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }

    /// A duration for people: `0.4 s`, `12 s`, `3 min 5 s`.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        if seconds < 10 {
            let tenths = attoseconds / 100_000_000_000_000_000
            return "\(seconds).\(tenths) s"
        }
        return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
