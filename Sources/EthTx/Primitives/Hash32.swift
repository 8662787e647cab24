// SPDX-License-Identifier: Apache-2.0

/// A 32-byte identifier with a type of its own, so that one kind cannot be taken for another.
public protocol Hash32: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 32 bytes.
    var bytes32: Bytes32 { get }

    /// Gives 32 bytes this meaning.
    init(_ bytes32: Bytes32)
}

extension Hash32 {
    /// Reads `0x` and 64 hex digits of either case.
    public init(hex: String) throws(HexError) {
        self.init(try Bytes32(hex: hex))
    }

    /// Takes over bytes; `nil` unless there are exactly 32.
    public init?(bytes: [UInt8]) {
        guard let value = Bytes32(bytes: bytes) else { return nil }
        self.init(value)
    }

    /// The bytes as an array.
    public var bytes: [UInt8] { bytes32.bytes }

    /// `0x` and 64 lower-case hex digits.
    public var hex: String { bytes32.hex }

    /// The same as ``hex``.
    public var description: String { hex }

    /// Compares byte by byte.
    public static func < (left: Self, right: Self) -> Bool { left.bytes32 < right.bytes32 }
}
