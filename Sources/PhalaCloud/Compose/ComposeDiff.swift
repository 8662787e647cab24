// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The differences between two app-compose objects, field by field.
public struct ComposeDiff: Sendable, Hashable {
    /// One field that differs.
    public struct Change: Sendable, Hashable {
        /// Where, such as `docker_compose_file` or `docker_config.registry`.
        public let field: String

        /// The value in the first object; `nil` when it has none.
        public let old: JSON?

        /// The value in the second object; `nil` when it has none.
        public let new: JSON?
    }

    /// The fields that differ, ordered by name.
    public let changes: [Change]

    /// Compares two objects, nested objects member by member, everything else as a whole.
    public init(from old: JSONObject, to new: JSONObject) {
        changes = Self.changes(from: old, to: new, under: "")
    }

    /// Whether both objects say the same.
    public var isEmpty: Bool { changes.isEmpty }

    /// One line for each field that differs, fit for a terminal.
    public var lines: [String] { changes.map(\.description) }

    private static func changes(from old: JSONObject, to new: JSONObject, under prefix: String) -> [Change] {
        var changes: [Change] = []
        var left = old.sortedByKey().members[...]
        var right = new.sortedByKey().members[...]
        while true {
            let field: String
            let before: JSON?
            let after: JSON?
            switch (left.first, right.first) {
            case (nil, nil):
                return changes
            case (let a?, let b?) where a.key.utf8.elementsEqual(b.key.utf8):
                (field, before, after) = (a.key, a.value, b.value)
                left.removeFirst()
                right.removeFirst()
            case (let a?, let b?) where a.key.utf8.lexicographicallyPrecedes(b.key.utf8):
                (field, before, after) = (a.key, a.value, nil)
                left.removeFirst()
            case (let a?, nil):
                (field, before, after) = (a.key, a.value, nil)
                left.removeFirst()
            case (_, let b?):
                (field, before, after) = (b.key, nil, b.value)
                right.removeFirst()
            }
            let path = prefix + field
            switch (before, after) {
            case (.object(let a)?, .object(let b)?): changes += Self.changes(from: a, to: b, under: path + ".")
            case _ where before != after: changes.append(Change(field: path, old: before, new: after))
            case _: break
            }
        }
    }
}

extension ComposeDiff.Change: CustomStringConvertible {
    /// One line: the field, then both values, shortened; of long texts the first line that differs.
    public var description: String {
        let name = PrintableText.escaped(field, limit: 80)
        if case .string(let before)? = old, case .string(let after)? = new, Self.isLong(before) || Self.isLong(after) {
            return name + ": " + Self.summary(from: before, to: after)
        }
        return "\(name): \(Self.shown(old)) → \(Self.shown(new))"
    }

    private static let shownCharacters = 72

    private static func isLong(_ text: String) -> Bool {
        text.utf8.count > shownCharacters || text.utf8.contains(UInt8(ascii: "\n"))
    }

    private static func shown(_ value: JSON?) -> String {
        switch value {
        case nil: "(none)"
        case .string(let text)? where isLong(text): "\(quoted(text[...])) (\(text.utf8.count) bytes)"
        case .string(let text)?: quoted(text[...])
        case let value?: PrintableText.escaped(value.text, limit: shownCharacters, quotes: false)
        }
    }

    private static func quoted(_ text: Substring) -> String {
        "\"" + PrintableText.escaped(String(text), limit: shownCharacters) + "\""
    }

    /// How two long texts differ: sizes, and the first line that is not the same in both.
    private static func summary(from old: String, to new: String) -> String {
        let before = lines(of: old)
        let after = lines(of: new)
        let same = zip(before, after).prefix { $0.utf8.elementsEqual($1.utf8) }.count
        let left = same < before.count ? quoted(before[same]) : "(end)"
        let right = same < after.count ? quoted(after[same]) : "(end)"
        return "\(old.utf8.count) → \(new.utf8.count) bytes, first difference in line \(same + 1): \(left) → \(right)"
    }

    /// The lines of a text, split at line feeds only, so that a changed line end shows.
    private static func lines(of text: String) -> [Substring] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Substring.init)
    }
}
