// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A place inside a JSON value.
struct JSONPlace: Sendable, Hashable, CustomStringConvertible {
    enum Step: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    var steps: [Step] = []

    /// The name of the outermost member, such as `raw`.
    var field: String {
        if case .key(let name)? = steps.first { name } else { "" }
    }

    var description: String {
        steps.map { step in
            switch step {
            case .key(let name): "." + name
            case .index(let index): "[\(index)]"
            }
        }.joined()
    }

    func appending(_ step: Step) -> JSONPlace {
        JSONPlace(steps: steps + [step])
    }
}

/// Changes one digit of one value of a case.
enum Mutation {
    /// The places of all values that hold a digit which can be changed: 0x data, bare hex digits, numbers.
    static func places(in value: JSON, at place: JSONPlace = JSONPlace()) -> [JSONPlace] {
        switch value {
        case .null, .bool: return []
        case .number, .string: return digits(of: value).isEmpty ? [] : [place]
        case .array(let elements):
            return elements.enumerated().flatMap { places(in: $1, at: place.appending(.index($0))) }
        case .object(let object):
            return object.members.filter { $0.key != "id" }.flatMap {
                places(in: $0.value, at: place.appending(.key($0.key)))
            }
        }
    }

    /// The value with another digit at one place; the digit's place and new value come from `random`.
    static func changed(
        _ value: JSON, at place: ArraySlice<JSONPlace.Step>, by random: inout some RandomNumberGenerator
    ) -> JSON {
        guard let step = place.first else { return changedLeaf(value, by: &random) }
        switch (step, value) {
        case (.key(let name), .object(var object)):
            if let member = object[name] { object[name] = changed(member, at: place.dropFirst(), by: &random) }
            return .object(object)
        case (.index(let index), .array(var elements)) where elements.indices.contains(index):
            elements[index] = changed(elements[index], at: place.dropFirst(), by: &random)
            return .array(elements)
        case (.key, _), (.index, _):
            return value
        }
    }

    private static func changedLeaf(_ value: JSON, by random: inout some RandomNumberGenerator) -> JSON {
        guard let offset = digits(of: value).randomElement(using: &random) else { return value }
        var bytes = Array(text(of: value).utf8)
        let isHex: Bool
        if case .string = value { isHex = !isDecimal(bytes) } else { isHex = false }
        let old = bytes[offset] | (bytes[offset] >= UInt8(ascii: "A") ? 0x20 : 0)
        // A number must not begin with 0 afterwards: that would be no JSON.
        let isText = !isHexOnly(bytes)
        let candidates = Array((isHex && !isText ? "0123456789abcdef" : "123456789").utf8).filter { $0 != old }
        bytes[offset] = candidates.randomElement(using: &random) ?? old
        let text = String(decoding: bytes, as: UTF8.self)
        if case .number = value { return (try? JSON(parsing: text)) ?? value }
        return .string(text)
    }

    private static func text(of value: JSON) -> String {
        switch value {
        case .number(let number): number.spelling
        case .string(let text): text
        case .null, .bool, .array, .object: ""
        }
    }

    private static func isDecimal(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.first == UInt8(ascii: "-") ? bytes.dropFirst() : bytes[...]
        return !digits.isEmpty && digits.count < 80 && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The offsets of the digits in a leaf: all of a number, all behind `0x`, all of a bare hex or decimal string.
    private static func digits(of value: JSON) -> [Int] {
        let bytes = Array(text(of: value).utf8)
        if case .number = value { return bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) } }
        if isDecimal(bytes) { return bytes.indices.filter { bytes[$0] != UInt8(ascii: "-") } }
        let start = bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) ? 2 : 0
        let isHexText = bytes.count > start && (start == 2 || bytes.count >= 20)
        if isHexText, bytes[start...].allSatisfy({ isHexDigit($0) }) { return Array(start..<bytes.count) }
        return bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
    }

    private static func isHexOnly(_ bytes: [UInt8]) -> Bool {
        let start = bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) ? 2 : 0
        return bytes[start...].allSatisfy { isHexDigit($0) }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
