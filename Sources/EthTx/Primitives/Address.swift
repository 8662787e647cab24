// SPDX-License-Identifier: Apache-2.0

public import Keccak

/// The address of an account: 20 bytes.
public struct Address: Sendable, Hashable {
    /// Memory order: the bytes of the address are the bytes of this storage.
    private let word0, word1: UInt64
    private let word2: UInt32

    /// The address of 20 zero bytes.
    public static let zero = Address(word0: 0, word1: 0, word2: 0)

    private init(word0: UInt64, word1: UInt64, word2: UInt32) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
    }

    /// Reads exactly 20 bytes from memory.
    @inline(__always)
    init(unchecked pointer: UnsafeRawPointer) {
        word0 = pointer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        word1 = pointer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        word2 = pointer.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    }

    /// Takes over bytes; `nil` unless there are exactly 20.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 20, let base = bytes.baseAddress else { return nil }
        self.init(unchecked: base)
    }

    /// Takes over bytes; `nil` unless there are exactly 20.
    public init?(bytes: [UInt8]) {
        guard let value = bytes.withUnsafeBytes({ Address(bytes: $0) }) else { return nil }
        self = value
    }

    /// The last 20 bytes of a digest, as addresses of keys and contracts are derived.
    @inline(__always)
    public init(lastBytesOf digest: Keccak256.Digest) {
        self = digest.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return .zero }
            return Address(unchecked: base + 12)
        }
    }

    /// The bytes as an array.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// Lends the 20 bytes for the duration of a call.
    @inlinable
    @inline(__always)
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Swift.withUnsafeBytes(of: self) { bytes throws(Failure) in
            try body(UnsafeRawBufferPointer(rebasing: bytes[0..<20]))
        }
    }
}

extension Address: Comparable {
    /// Compares byte by byte.
    public static func < (left: Address, right: Address) -> Bool {
        (left.word0.bigEndian, left.word1.bigEndian, left.word2.bigEndian)
            < (right.word0.bigEndian, right.word1.bigEndian, right.word2.bigEndian)
    }
}
