// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TestSupport

/// Spoils answers.
struct Mutation {
    var generator: SeededGenerator

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &generator) }

    /// The bytes of an answer, spoiled in one to three ways: first the value, then its bytes.
    mutating func spoiled(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        if below(4) > 0, let value = parsed(text) {
            var changed = value
            for _ in 0...below(3) { changed = changedSomewhere(changed) }
            bytes = Array(changed.text.utf8)
            if below(6) > 0 { return bytes }
        }
        for _ in 0...below(3) where !bytes.isEmpty { spoil(&bytes) }
        return bytes
    }

    private func parsed(_ text: String) -> JSON? {
        do { return try JSON(parsing: text) } catch { return nil }
    }

    /// The value with a change at a random place.
    private mutating func changedSomewhere(_ value: JSON) -> JSON {
        switch value {
        case .object(let object) where !object.isEmpty && below(5) > 0:
            var members = object
            let key = object.members[below(object.count)].key
            guard let inner = object[key] else { return value }
            if below(6) == 0 {
                members[key] = nil
            } else {
                members[key] = changedSomewhere(inner)
            }
            return .object(members)
        case .array(var elements) where !elements.isEmpty && below(5) > 0:
            let place = below(elements.count)
            switch below(6) {
            case 0: elements.remove(at: place)
            case 1: elements.append(elements[place])
            case _: elements[place] = changedSomewhere(elements[place])
            }
            return .array(elements)
        case .null, .bool, .number, .string, .array, .object:
            return another()
        }
    }

    /// Some other value: of another type, of the same but odd, or deep.
    private mutating func another() -> JSON {
        switch below(14) {
        case 0, 1, 2: return .null
        case 3: return .bool(below(2) == 0)
        case 4: return .number(JSONNumber(Int.random(in: .min ... .max, using: &generator)))
        case 5: return number("1e400")
        case 6: return number("-0.000000000000000000000000000000000001E-99")
        case 7: return number(String(repeating: "9", count: 40 + below(400)))
        case 8: return .string("")
        case 9: return .string(String(repeating: "\u{1f600}", count: below(300)))
        case 10: return .string("\u{0}\u{1b}[31m\r\n\u{202e}" + String(below(10)))
        case 11: return .array([])
        case 12: return .object(JSONObject())
        case _:
            var value = JSON.array([])
            for level in 0..<below(130) { value = level % 2 == 0 ? .array([value]) : ["a": value] }
            return value
        }
    }

    private func number(_ text: String) -> JSON { parsed(text) ?? .null }

    private static let pieces = [
        "{", "}", "[", "]", "\"", ":", ",", "null", "true", "1e400", "-", "\\u0000", "\\ud800", "\\", "\u{0}",
        "\"id\":1,", "\u{feff}", " ",
    ].map { Array($0.utf8) }

    private mutating func spoil(_ bytes: inout [UInt8]) {
        let place = below(bytes.count)
        switch below(9) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 1: bytes.removeSubrange(place...)
        case 2: bytes.removeSubrange(place..<min(place + 1 + below(40), bytes.count))
        case 3: bytes.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
        case 4: bytes.insert(contentsOf: bytes[place..<min(place + 30, bytes.count)], at: place)
        case 5: bytes.insert(contentsOf: [[0xc0, 0xaf], [0xff], [0xed, 0xa0, 0x80], [0xf5]][below(4)], at: place)
        case 6: bytes = [0x1f, 0x8b, 0x08, 0x00] + bytes
        case 7: bytes.append(contentsOf: bytes)
        case _: bytes[place] ^= 1 << UInt8(below(8))
        }
    }
}
