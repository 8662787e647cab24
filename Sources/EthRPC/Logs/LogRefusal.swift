// SPDX-License-Identifier: Apache-2.0

internal import StrictJSON

/// What an endpoint's error about `eth_getLogs` says of the range that it would take.
///
/// There is no standard for it: the limits differ, and so do the words, see `docs/sources.md`.
enum LogRefusal: Sendable, Hashable {
    /// Ranges of so many blocks are accepted everywhere.
    case blocks(atMost: UInt64)
    /// Here, where there are many logs, a range of so many blocks would be accepted.
    case hereBlocks(atMost: UInt64)
    /// Here there are too many logs, or they take too long.
    case tooMuchHere
    /// The range is too long, for all that is known.
    case tooLong
    /// A smaller range would not help.
    case final

    /// Reads an error.
    ///
    /// - Parameter asked: the range that was refused.
    init(_ error: RPCNodeError, asked: ClosedRange<UInt64>) {
        let text = LogRefusal.text(of: error)
        if LogRefusal.isFinal(error, text) {
            self = .final
            return
        }
        let length = asked.upperBound - asked.lowerBound
        let isAboutSize = LogRefusal.sizeWords.contains { text.contains($0) }
        let words = LogRefusalWords(text)
        // How long the range is that was refused stands in many of the messages, too; by itself it is no limit.
        let counts = words.blockCounts.filter { $0 > 0 && $0 < length && !asked.isBound($0) }
        if let count = counts.max() {
            self = .blocks(atMost: count)
        } else if let last = words.lastSuggestedLength, last < length {
            self = isAboutSize ? .hereBlocks(atMost: last + 1) : .blocks(atMost: last + 1)
        } else {
            self = isAboutSize ? .tooMuchHere : .tooLong
        }
    }

    private static let sizeWords = [
        "response size", "results", "too many logs", "logs matched", "too many events", "timeout", "timed out",
        "took too long", "too large response",
    ]

    private static let finalWords = [
        "archive", "pruned", "personal token", "api key", "unauthorized", "disabled", "whitelisted", "current head",
        "invalid block range", "unknown block", "header not found", "block not found", "not authorized",
    ]

    /// Method not found, and what no smaller range mends.
    private static func isFinal(_ error: RPCNodeError, _ text: String) -> Bool {
        error.code == -32601 || finalWords.contains { text.contains($0) }
    }

    /// The message and the texts beside it, in lower case.
    private static func text(of error: RPCNodeError) -> String {
        var parts = [error.message]
        switch error.data {
        case .string(let text)?: parts.append(String(text.prefix(500)))
        case .object(let object)?:
            for key in ["message", "payload", "details", "reason"] {
                if let text = object[key]?.string { parts.append(String(text.prefix(500))) }
            }
            if let first = object["from"]?.string, let last = object["to"]?.string {
                parts.append("[\(first.prefix(20)), \(last.prefix(20))]")
            }
        case .null?, .bool?, .number?, .array?, nil: break
        }
        return parts.joined(separator: " ; ").lowercased()
    }
}

extension ClosedRange<UInt64> {
    /// Whether a number is one of the ends, or nearly.
    fileprivate func isBound(_ number: UInt64) -> Bool {
        number == lowerBound || number == upperBound
    }
}
