// SPDX-License-Identifier: Apache-2.0

/// 32 bytes, held in place without an allocation; ordered and compared byte by byte from the first.
public struct Bytes32: Sendable, Hashable {
    /// Four words in memory order: the bytes of the value are the bytes of this storage.
    var word0, word1, word2, word3: UInt64

    /// 32 zero bytes.
    public static let zero = Bytes32(memoryOrder: (0, 0, 0, 0))

    @inline(__always)
    init(memoryOrder words: (UInt64, UInt64, UInt64, UInt64)) {
        word0 = words.0
        word1 = words.1
        word2 = words.2
        word3 = words.3
    }

    /// Reads exactly 32 bytes from memory.
    @inline(__always)
    init(unchecked pointer: UnsafeRawPointer) {
        word0 = pointer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        word1 = pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        word2 = pointer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        word3 = pointer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    /// Takes over bytes; `nil` unless there are exactly 32.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 32, let base = bytes.baseAddress else { return nil }
        self.init(unchecked: base)
    }

    /// Takes over bytes; `nil` unless there are exactly 32.
    public init?(bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBytes({ Bytes32(bytes: $0) }) else { return nil }
        self = value
    }

    /// Reads `0x` and 64 hex digits of either case.
    public init(hex: String) throws(HexError) {
        let bytes = try Hex.decode(hex, count: 32)
        guard let value = Bytes32(bytes: bytes) else { throw .wrongLength(expected: 32, found: bytes.count) }
        self = value
    }

    /// The bytes as an array.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// `0x` and 64 lower-case hex digits.
    public var hex: String { withUnsafeBytes { Hex.encode($0) } }

    /// Whether all bytes are zero.
    public var isZero: Bool { word0 | word1 | word2 | word3 == 0 }

    /// Lends the 32 bytes for the duration of a call.
    @inlinable
    @inline(__always)
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: self, body)
    }
}

extension Bytes32: Comparable {
    /// Compares byte by byte, which is also the order of the big-endian numbers.
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        (left.word0.bigEndian, left.word1.bigEndian, left.word2.bigEndian, left.word3.bigEndian)
            < (right.word0.bigEndian, right.word1.bigEndian, right.word2.bigEndian, right.word3.bigEndian)
    }
}

extension Bytes32: CustomStringConvertible {
    /// The same as ``hex``.
    public var description: String { hex }
}
