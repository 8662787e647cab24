// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension ComposeDiff {
    /// The differences as somebody reads them who has to approve them.
    ///
    /// Short values side by side, long texts as hunks of lines with what stands around them; fit for a terminal.
    ///
    /// - Parameter limit: how many lines at most; the last one then says how many there are beyond it.
    public func detailedLines(limit: Int = 500) -> [String] {
        let lines = changes.flatMap(\.detailedLines)
        guard lines.count > limit, limit > 0 else { return lines }
        return lines.prefix(limit - 1) + ["… and \(lines.count - limit + 1) more lines"]
    }
}

extension ComposeDiff.Change {
    private static let shownCharacters = 1000

    /// One line for short values, more for texts of several lines.
    fileprivate var detailedLines: [String] {
        let name = PrintableText.escaped(field, limit: 200)
        switch (old, new) {
        case (.string(let before)?, .string(let after)?) where Self.isLong(before) || Self.isLong(after):
            return ["\(name): \(before.utf8.count) → \(after.utf8.count) bytes"]
                + LineDiff(from: before, to: after).lines.map { "  " + $0 }
        case (nil, .string(let after)?) where Self.isLong(after):
            return ["\(name): (none) → \(after.utf8.count) bytes"] + Self.whole(after, "+")
        case (.string(let before)?, nil) where Self.isLong(before):
            return ["\(name): \(before.utf8.count) bytes → (none)"] + Self.whole(before, "-")
        case _:
            return ["\(name): \(Self.wholeValue(old)) → \(Self.wholeValue(new))"]
        }
    }

    private static func isLong(_ text: String) -> Bool { text.utf8.count > 72 || text.utf8.contains(0x0a) }

    private static func whole(_ text: String, _ sign: String) -> [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map {
            "  \(sign) " + PrintableText.escaped(String($0), limit: 2000, quotes: false)
        }
    }

    private static func wholeValue(_ value: JSON?) -> String {
        switch value {
        case nil: "(none)"
        case .string(let text)?: "\"" + PrintableText.escaped(text, limit: shownCharacters) + "\""
        case let value?: PrintableText.escaped(value.text, limit: shownCharacters, quotes: false)
        }
    }
}
