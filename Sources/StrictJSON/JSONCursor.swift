// SPDX-License-Identifier: Apache-2.0

/// A well-formed JSON value that does not have the shape that was expected.
public struct JSONShapeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where, such as `$.kms_info.chain_id` or `$.items[3].name`.
    public let path: String

    /// What should have been there.
    public let expected: String

    /// What was there, shortened.
    public let found: String

    /// Names a mismatch.
    public init(path: String, expected: String, found: String) {
        self.path = path
        self.expected = expected
        self.found = found
    }

    /// One sentence with all three.
    public var description: String { "\(path): expected \(expected), found \(found)" }
}

/// A place in a JSON value, which knows its path and turns into typed values or a ``JSONShapeError``.
///
/// A member that is absent is a cursor too (`isAbsent`), so that absent and null can be told apart.
public struct JSONCursor: Sendable {
    /// The value at this place; `nil` when the member is absent.
    public let value: JSON?

    /// Where the value is, if it has parts; else where the value is that it is part of.
    private let node: Node?

    /// The last step to the value where `node` is not its own.
    private let step: Step

    /// How a value is reached from the one around it.
    private enum Step: Sendable {
        case none
        case member(String)
        case element(Int)
    }

    /// The way from the root; as text it would cost the length of the path for every element of an array.
    ///
    /// Only places that have others beneath them get a node of their own.
    private final class Node: Sendable {
        let step: Step
        let parent: Node?

        init(_ step: Step, of parent: Node?) {
            self.step = step
            self.parent = parent
        }
    }

    /// The root of a value.
    public init(_ value: JSON) {
        self.value = value
        node = nil
        step = .none
    }

    private init(value: JSON?, step: Step, of parent: Node?) {
        self.value = value
        switch value {
        case .object?, .array?:
            node = Node(step, of: parent)
            self.step = .none
        case nil, .null?, .bool?, .number?, .string?:
            node = parent
            self.step = step
        }
    }

    /// The node of this place, made if need be.
    private var ownNode: Node? {
        if case .none = step { node } else { Node(step, of: node) }
    }

    /// The path from the root, which is `$`.
    public var path: String {
        var steps: [String] = []
        var here = ownNode
        while let place = here {
            switch place.step {
            case .none: break
            case .member(let key): steps.append("." + key)
            case .element(let index): steps.append("[\(index)]")
            }
            here = place.parent
        }
        return "$" + steps.reversed().joined()
    }

    /// Whether the member is not there at all.
    public var isAbsent: Bool { value == nil }

    /// Whether the member is absent or null.
    public var isMissing: Bool { value?.isNull ?? true }

    /// The member of an object; absent when this is no object or has no such member.
    public subscript(key: String) -> JSONCursor {
        guard case .object(let object)? = value else { return JSONCursor(value: nil, step: .member(key), of: ownNode) }
        return JSONCursor(value: object[key], step: .member(key), of: node)
    }

    /// The element of an array; absent when this is no array or has no such element.
    public subscript(index: Int) -> JSONCursor {
        let elements = value?.array ?? []
        return JSONCursor(
            // Not `nil`, which would be the value null.
            value: elements.indices.contains(index) ? .some(elements[index]) : .none, step: .element(index), of: ownNode
        )
    }

    /// A member whose value has been found already.
    package func member(_ key: String, holding value: JSON?) -> JSONCursor {
        JSONCursor(value: value, step: .member(key), of: ownNode)
    }

    /// A mismatch at this place.
    public func mismatch(_ expected: String) -> JSONShapeError {
        JSONShapeError(path: path, expected: expected, found: found)
    }

    /// The text of a string.
    public func string() throws(JSONShapeError) -> String {
        guard case .string(let text)? = value else { throw mismatch("string") }
        return text
    }

    /// A boolean.
    public func bool() throws(JSONShapeError) -> Bool {
        guard case .bool(let flag)? = value else { throw mismatch("boolean") }
        return flag
    }

    /// An integer of the given type, written without fraction or exponent.
    public func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(JSONShapeError) -> Value {
        guard case .number(let number)? = value, let integer = number.exactly(type) else {
            throw mismatch("integer")
        }
        return integer
    }

    /// Any number.
    public func number() throws(JSONShapeError) -> JSONNumber {
        guard case .number(let number)? = value else { throw mismatch("number") }
        return number
    }

    /// The elements of an array, each with its path.
    public func array() throws(JSONShapeError) -> [JSONCursor] {
        guard case .array(let elements)? = value else { throw mismatch("array") }
        return elements.enumerated().map { JSONCursor(value: $1, step: .element($0), of: node) }
    }

    /// The members of an object.
    public func object() throws(JSONShapeError) -> JSONObject {
        guard case .object(let object)? = value else { throw mismatch("object") }
        return object
    }

    /// Reads this place when it is neither absent nor null.
    public func optional<Value>(
        _ read: (JSONCursor) throws(JSONShapeError) -> Value
    ) throws(JSONShapeError) -> Value? {
        isMissing ? nil : try read(self)
    }

    /// What is here, in few words and without the contents of long values.
    private var found: String {
        switch value {
        case nil: "nothing"
        case .string(let text)? where text.utf8.count > 48: "a string of \(text.utf8.count) bytes"
        case .array(let elements)?: "an array of \(elements.count)"
        case .object(let object)?: "an object of \(object.count)"
        case let value?: value.text
        }
    }
}
