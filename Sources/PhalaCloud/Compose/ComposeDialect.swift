// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// How a language's own JSON library writes numbers and orders keys, where the libraries disagree.
///
/// For ordinary objects all three give the same text. They part for numbers such as `1.0` or `1e16`, for
/// integers beyond 2^53, for keys beyond the Basic Multilingual Plane and for keys that look like an array index.
public enum ComposeDialect: String, Sendable, Hashable, CaseIterable {
    /// Numbers as they were spelled, keys by code point.
    case asWritten = "as-written"

    /// ECMAScript: every number is a double, keys that are array indices come first by value, the others follow
    /// by their UTF-16 code units.
    case javaScript = "javascript"

    /// Python's `json`: numbers without fraction and exponent stay as they are, others are written as `repr` of
    /// the float, keys by code point.
    case python
}

extension ComposeDialect {
    /// The value as a program of this language writes it after having sorted the keys of every level.
    func canonical(_ value: JSON) -> JSON {
        switch value {
        case .null, .bool, .string:
            return value
        case .number(let number):
            return canonical(number)
        case .array(let elements):
            return .array(elements.map { canonical($0) })
        case .object(let object):
            return .object(canonical(object))
        }
    }

    /// The members in this language's order, each value canonical.
    func canonical(_ object: JSONObject) -> JSONObject {
        let members = object.members.map { JSONObject.Member(key: $0.key, value: canonical($0.value)) }
        return JSONObject(uniqueMembers: members.sorted { precedes($0.key, $1.key) })
    }

    /// Whether the language takes the value for false where a truth value is asked for.
    func isFalsy(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .bool(let flag): !flag
        case .number(let number): number.double == 0
        case .string(let text): text.isEmpty
        case .array(let elements): self == .python && elements.isEmpty
        case .object(let object): self == .python && object.isEmpty
        }
    }

    private func canonical(_ number: JSONNumber) -> JSON {
        switch self {
        case .asWritten:
            return .number(number)
        case .javaScript:
            // What overflows is Infinity there, which JSON.stringify writes as null.
            guard let value = number.double else { return .null }
            return .number(JSONNumber(validSpelling: ShortestDecimal(value).ecmaScript))
        case .python:
            let isInteger = !number.spelling.utf8.contains { $0 == UInt8(ascii: ".") || $0 | 0x20 == UInt8(ascii: "e") }
            if isInteger { return .number(number.spelling == "-0" ? JSONNumber(0) : number) }
            // What overflows would be written as a word that is no JSON; nobody can hash that and read it again.
            guard let value = number.double else { return .number(number) }
            return .number(JSONNumber(validSpelling: ShortestDecimal(value).python))
        }
    }

    private func precedes(_ left: String, _ right: String) -> Bool {
        switch self {
        case .asWritten, .python:
            return left.utf8.lexicographicallyPrecedes(right.utf8)
        case .javaScript:
            switch (Self.arrayIndex(left), Self.arrayIndex(right)) {
            case (let a?, let b?): return a < b
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil): return left.utf16.lexicographicallyPrecedes(right.utf16)
            }
        }
    }

    /// The array index (ECMA-262, section 6.1.7: 0 to 2^32 − 2, written canonically) that a key spells.
    private static func arrayIndex(_ key: String) -> UInt32? {
        guard let first = key.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first),
            let index = UInt32(key), index < UInt32.max, String(index) == key
        else { return nil }
        return index
    }
}
