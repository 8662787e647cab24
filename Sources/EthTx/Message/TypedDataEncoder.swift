// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Hashes the values of typed data (EIP-712, hashStruct and encodeData).
///
/// The recursion follows the JSON value, whose depth its parser bounds.
struct TypedDataEncoder {
    private let types: TypedDataTypes
    private var typeHashes: [String: Bytes32] = [:]

    init(_ types: TypedDataTypes) {
        self.types = types
    }

    /// Keccak-256 of the type's hash and the members' encodings, 32 bytes each.
    mutating func hashStruct(_ name: String, _ cursor: JSONCursor) throws(TypedDataError) -> Bytes32 {
        guard let members = types.members(of: name) else { throw .unknownType(name) }
        let object: JSONObject
        do { object = try cursor.object() } catch { throw .shape(error) }
        if object.count > members.count {
            let names = Set(members.map(\.name))
            for key in object.keys where !names.contains(key) { throw .unexpectedMember(path: cursor[key].path) }
        }
        var encoded = try typeHash(name).bytes
        for member in members {
            encoded += try encode(member.type, cursor[member.name]).bytes
        }
        return Bytes32.keccak256(encoded)
    }

    private mutating func typeHash(_ name: String) throws(TypedDataError) -> Bytes32 {
        if let known = typeHashes[name] { return known }
        let hash = Bytes32.keccak256(Array(try types.encodedType(of: name).utf8))
        typeHashes[name] = hash
        return hash
    }

    private mutating func encode(_ type: String, _ cursor: JSONCursor) throws(TypedDataError) -> Bytes32 {
        if let (element, count) = TypedDataTypes.array(type) {
            let elements: [JSONCursor]
            do { elements = try cursor.array() } catch { throw .shape(error) }
            if let count, elements.count != count { throw .invalidValue(path: cursor.path, type: type) }
            var encoded: [UInt8] = []
            for item in elements { encoded += try encode(element, item).bytes }
            return Bytes32.keccak256(encoded)
        }
        if types.members(of: type) != nil {
            // A struct type may refer to itself; the value that ends it is null, and encodes as zero.
            if let value = cursor.value, value.isNull { return .zero }
            return try hashStruct(type, cursor)
        }
        guard let builtIn = TypedDataTypes.builtIn(type) else { throw .unknownType(type) }
        guard let word = try TypedDataEncoder.word(builtIn, cursor) else {
            throw .invalidValue(path: cursor.path, type: type)
        }
        return word
    }

    /// The 32 bytes of a value of a built-in type; `nil` when it does not fit.
    private static func word(_ type: ABIType, _ cursor: JSONCursor) throws(TypedDataError) -> Bytes32? {
        switch type {
        case .uint(let bits):
            guard let number = unsigned(cursor.value), number.significantBitCount <= bits else { return nil }
            return number.bytes32
        case .int(let bits):
            guard let number = signed(cursor.value), number.fits(bits: bits) else { return nil }
            return number.bitPattern.bytes32
        case .bool:
            guard let flag = cursor.value?.bool else { return nil }
            return UInt256(UInt64(flag ? 1 : 0)).bytes32
        case .address:
            do {
                guard let text = cursor.value?.string else { return nil }
                return Bytes32(bytes: [UInt8](repeating: 0, count: 12) + (try Address(hex: text)).bytes)
            } catch { return nil }
        case .fixedBytes(let count):
            guard let bytes = data(cursor.value), bytes.count == count, count <= 32 else { return nil }
            return Bytes32(bytes: bytes + [UInt8](repeating: 0, count: 32 - count))
        case .bytes:
            guard let bytes = data(cursor.value) else { return nil }
            return Bytes32.keccak256(bytes)
        case .string:
            guard let text = cursor.value?.string else { return nil }
            return Bytes32.keccak256(Array(text.utf8))
        case .array, .fixedArray, .tuple:
            throw .unknownType(type.name)
        }
    }

    /// A JSON integer, a decimal string, or a hex quantity.
    private static func unsigned(_ value: JSON?) -> UInt256? {
        guard let text = value?.number?.spelling ?? value?.string else { return nil }
        guard text.hasPrefix("0x") else { return UInt256(decimal: text) }
        do { return try Quantity.decode(text) } catch { return nil }
    }

    /// A JSON integer, a decimal string, or a hex quantity.
    private static func signed(_ value: JSON?) -> Int256? {
        guard let text = value?.number?.spelling ?? value?.string else { return nil }
        if text.hasPrefix("0x") {
            do { return Int256(magnitude: try Quantity.decode(text), isNegative: false) } catch { return nil }
        }
        return Int256(decimal: text)
    }

    private static func data(_ value: JSON?) -> [UInt8]? {
        guard let text = value?.string else { return nil }
        do { return try Hex.decode(text) } catch { return nil }
    }
}
