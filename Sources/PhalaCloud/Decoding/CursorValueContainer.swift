// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A single value, as `Decodable` types see it.
struct CursorValueContainer: SingleValueDecodingContainer {
    let decoder: CursorDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.cursor.isMissing }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.cursor.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.cursor.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.cursor.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.cursor.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.cursor.integer() }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.cursor.integer() }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.cursor.integer() }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.cursor.integer() }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.cursor.integer() }
    func decode(_ type: Int128.Type) throws -> Int128 { try decoder.cursor.integer() }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.cursor.integer() }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.cursor.integer() }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.cursor.integer() }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.cursor.integer() }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.cursor.integer() }
    func decode(_ type: UInt128.Type) throws -> UInt128 { try decoder.cursor.integer() }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try Value(from: decoder) }
}

extension JSONCursor {
    /// Any number, as the nearest double.
    func double() throws(JSONShapeError) -> Double {
        guard let value = try number().double else { throw mismatch("a number within the range of a double") }
        return value
    }
}
