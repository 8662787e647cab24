// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259) that loses nothing of what was written.
///
/// Members keep their order, numbers keep their spelling, strings are compared byte by byte (never by
/// Unicode equivalence), and duplicate keys are refused by the parser. Hashes over canonical JSON and
/// amounts in wei depend on all four.
public enum JSON: Sendable {
    /// The word `null`.
    case null
    /// The words `true` and `false`.
    case bool(Bool)
    /// A number, by its spelling.
    case number(JSONNumber)
    /// A text, with its escapes resolved.
    case string(String)
    /// Elements in their order.
    case array([JSON])
    /// Members in their order, no key twice.
    case object(JSONObject)
}

extension JSON {
    /// The name of the value's type, for messages: `null`, `boolean`, `number`, `string`, `array`, `object`.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// The member of an object, or `nil` when there is none or the value is no object.
    public subscript(key: String) -> JSON? {
        object?[key]
    }

    /// The text of a string, else `nil`.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The truth value of a boolean, else `nil`.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, else `nil`.
    public var number: JSONNumber? {
        if case .number(let number) = self { number } else { nil }
    }

    /// The elements of an array, else `nil`.
    public var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members of an object, else `nil`.
    public var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    /// Whether the value is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension JSON: Hashable {
    /// Equal in type and content; member order counts not, number spelling and string bytes do.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.utf8.elementsEqual(b.utf8)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
        }
    }

    /// Hashes what equality looks at; strings by their bytes.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let number): hasher.combine(number)
        case .string(let text): for byte in text.utf8 { hasher.combine(byte) }
        case .array(let elements): hasher.combine(elements)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByNilLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A string value.
    public init(stringLiteral value: String) { self = .string(value) }

    /// A boolean value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A number value.
    public init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }

    /// The value `null`.
    public init(nilLiteral: ()) { self = .null }

    /// An array value.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// An object value; the last of equal keys wins.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}
