// SPDX-License-Identifier: Apache-2.0

extension JSON: CustomStringConvertible {
    /// The compact text: no white space, members in their order, characters beyond ASCII as they are.
    public var text: String {
        var output = ""
        write(to: &output)
        return output
    }

    /// The text over several lines, as `JSON.stringify(value, null, width)` of ECMAScript lays it out.
    public func indentedText(by width: Int) -> String {
        var output = ""
        writeIndented(to: &output, width: max(width, 0), level: 0)
        return output
    }

    /// The compact text.
    public var description: String { text }

    /// The same value with the members of every object, at every level, ordered by their keys' code points.
    public func sortedByKey() -> JSON {
        switch self {
        case .null, .bool, .number, .string:
            return self
        case .array(let elements):
            return .array(elements.map { $0.sortedByKey() })
        case .object(let object):
            let members = object.sortedByKey().members
            return .object(JSONObject(uniqueMembers: members.map { .init(key: $0.key, value: $0.value.sortedByKey()) }))
        }
    }

    /// Whether the other value has the same text: equal, and its members in the same order at every level.
    package func isWritten(like other: JSON) -> Bool {
        switch (self, other) {
        case (.array(let own), .array(let others)):
            own.count == others.count && zip(own, others).allSatisfy { $0.isWritten(like: $1) }
        case (.object(let own), .object(let others)):
            own.count == others.count
                && zip(own.members, others.members).allSatisfy { mine, its in
                    mine.hash == its.hash && JSONKey.areEqual(mine.key, its.key)
                        && mine.value.isWritten(like: its.value)
                }
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): self == other
        }
    }

    private func write(to output: inout String) {
        switch self {
        case .null: output += "null"
        case .bool(let value): output += value ? "true" : "false"
        case .number(let number): output += number.spelling
        case .string(let text): JSON.writeQuoted(text, to: &output)
        case .array(let elements):
            output += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { output += "," }
                element.write(to: &output)
            }
            output += "]"
        case .object(let object):
            output += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { output += "," }
                JSON.writeQuoted(member.key, to: &output)
                output += ":"
                member.value.write(to: &output)
            }
            output += "}"
        }
    }

    private func writeIndented(to output: inout String, width: Int, level: Int) {
        let inner = "\n" + String(repeating: " ", count: width * (level + 1))
        let outer = "\n" + String(repeating: " ", count: width * level)
        switch self {
        case .null, .bool, .number, .string:
            write(to: &output)
        case .array(let elements):
            guard !elements.isEmpty else { return output += "[]" }
            output += "["
            for (index, element) in elements.enumerated() {
                output += index > 0 ? "," + inner : inner
                element.writeIndented(to: &output, width: width, level: level + 1)
            }
            output += outer + "]"
        case .object(let object):
            guard !object.isEmpty else { return output += "{}" }
            output += "{"
            for (index, member) in object.members.enumerated() {
                output += index > 0 ? "," + inner : inner
                JSON.writeQuoted(member.key, to: &output)
                output += ": "
                member.value.writeIndented(to: &output, width: width, level: level + 1)
            }
            output += outer + "}"
        }
    }

    /// Writes a string literal with the fewest escapes that RFC 8259 allows, as ECMAScript and Python do.
    private static func writeQuoted(_ text: String, to output: inout String) {
        output += "\""
        // Most texts have nothing to escape.
        guard !text.utf8.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) else {
            output += text
            output += "\""
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\u{08}": output += "\\b"
            case "\u{0c}": output += "\\f"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{00}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
