// SPDX-License-Identifier: Apache-2.0

/// A type of the contract ABI (Solidity documentation, contract ABI specification).
public indirect enum ABIType: Sendable, Hashable {
    /// `uint8` to `uint256` in steps of 8.
    case uint(bits: Int)
    /// `int8` to `int256` in steps of 8.
    case int(bits: Int)
    /// `bool`.
    case bool
    /// `address`.
    case address
    /// `bytes1` to `bytes32`.
    case fixedBytes(count: Int)
    /// `bytes`.
    case bytes
    /// `string`.
    case string
    /// `T[]`.
    case array(of: ABIType)
    /// `T[n]`.
    case fixedArray(of: ABIType, count: Int)
    /// `(T1,T2,…)`.
    case tuple([ABIType])
}

extension ABIType {
    /// The name that enters a signature, without aliases.
    public var name: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .int(let bits): "int\(bits)"
        case .bool: "bool"
        case .address: "address"
        case .fixedBytes(let count): "bytes\(count)"
        case .bytes: "bytes"
        case .string: "string"
        case .array(let element): element.name + "[]"
        case .fixedArray(let element, let count): element.name + "[\(count)]"
        case .tuple(let members): "(" + members.map(\.name).joined(separator: ",") + ")"
        }
    }

    /// Whether the encoding has no fixed size, and stands in the tail with an offset in the head.
    public var isDynamic: Bool {
        switch self {
        case .uint, .int, .bool, .address, .fixedBytes: false
        case .bytes, .string, .array: true
        case .fixedArray(let element, _): element.isDynamic
        case .tuple(let members): members.contains { $0.isDynamic }
        }
    }

    /// The number of bytes in the head: 32 for an offset, the whole size for a static type.
    var headByteCount: Int {
        if isDynamic { return 32 }
        switch self {
        case .uint, .int, .bool, .address, .fixedBytes, .bytes, .string, .array: return 32
        case .fixedArray(let element, let count): return element.headByteCount * count
        case .tuple(let members): return members.reduce(0) { $0 + $1.headByteCount }
        }
    }
}

extension ABIType: CustomStringConvertible {
    /// The same as ``name``.
    public var description: String { name }
}
