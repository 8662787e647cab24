// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A type that an answer of the service can be read as.
///
/// The types of this module conform; so can a caller's own that reads only what it needs:
///
/// ```swift
/// struct MyCvm: CloudSchema {
///     let id: String
///     let status: String
///
///     init(decoding cursor: JSONCursor) throws(JSONShapeError) {
///         id = try cursor["id"].required()
///         status = try cursor["status"].required()
///     }
/// }
///
/// let cvm = try await client.cvmInfo("my-app", as: MyCvm.self)
/// ```
///
/// Fields that are not read are ignored. To get an answer without any check, ask for it as `JSON`.
public protocol CloudSchema: Sendable {
    /// Reads the value at a place of an answer; throws at the first place that has another shape.
    init(decoding cursor: JSONCursor) throws(JSONShapeError)
}

extension JSONCursor {
    /// The value here, which must be there and not null.
    public func required<Value: CloudSchema>(_ type: Value.Type = Value.self) throws(JSONShapeError) -> Value {
        try Value(decoding: self)
    }

    /// The value here; `nil` when it is absent or null.
    public func optional<Value: CloudSchema>(_ type: Value.Type = Value.self) throws(JSONShapeError) -> Value? {
        isMissing ? nil : try Value(decoding: self)
    }
}

extension JSON: CloudSchema {
    /// Takes any value as it is.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        guard let value = cursor.value else { throw cursor.mismatch("a value") }
        self = value
    }
}

extension JSONObject: CloudSchema {
    /// Takes any object as it is.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.object()
    }
}

extension JSONNumber: CloudSchema {
    /// Takes any number as it is spelled.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.number()
    }
}

extension String: CloudSchema {
    /// Reads a string.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.string()
    }
}

extension Bool: CloudSchema {
    /// Reads a boolean.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.bool()
    }
}

extension Int: CloudSchema {
    /// Reads an integer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.integer()
    }
}

extension UInt64: CloudSchema {
    /// Reads an integer that is not negative.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self = try cursor.integer()
    }
}

extension Array: CloudSchema where Element: CloudSchema {
    /// Reads an array, element by element.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        guard case .array(let elements)? = cursor.value else { throw cursor.mismatch("array") }
        self = []
        // One place at a time: those of all elements would weigh more than the answer.
        for index in elements.indices { append(try Element(decoding: cursor[index])) }
    }
}
