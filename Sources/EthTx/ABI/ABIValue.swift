// SPDX-License-Identifier: Apache-2.0

/// A value of the contract ABI.
public enum ABIValue: Sendable, Hashable {
    /// Of type `uint8` to `uint256`.
    case uint(UInt256)
    /// Of type `int8` to `int256`.
    case int(Int256)
    /// Of type `bool`.
    case bool(Bool)
    /// Of type `address`.
    case address(Address)
    /// Of type `bytes1` to `bytes32` (exactly that many bytes) or `bytes`.
    case bytes([UInt8])
    /// Of type `string`.
    case string(String)
    /// Of type `T[]` or `T[n]`.
    case array([ABIValue])
    /// A tuple: the members of a struct in order.
    case tuple([ABIValue])
}

extension ABIValue {
    /// Of type `bytes32`.
    public static func bytes32(_ value: Bytes32) -> ABIValue { .bytes(value.bytes) }

    /// The number of a `uint`, else `nil`.
    public var uint: UInt256? {
        if case .uint(let value) = self { value } else { nil }
    }

    /// The truth value of a `bool`, else `nil`.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The address of an `address`, else `nil`.
    public var address: Address? {
        if case .address(let value) = self { value } else { nil }
    }

    /// The bytes of a `bytes` or `bytesN`, else `nil`.
    public var bytes: [UInt8]? {
        if case .bytes(let value) = self { value } else { nil }
    }

    /// The text of a `string`, else `nil`.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }
}
