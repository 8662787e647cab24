// SPDX-License-Identifier: Apache-2.0

extension UInt256 {
    /// The number of bytes that are needed without leading zeros, 0 for zero.
    @inline(__always)
    public var minimalByteCount: Int { (significantBitCount + 7) / 8 }

    /// The number as 32 bytes, big-endian.
    public var bytes32: Bytes32 {
        Bytes32(memoryOrder: (limb3.bigEndian, limb2.bigEndian, limb1.bigEndian, limb0.bigEndian))
    }

    /// The number as 32 bytes, big-endian.
    public var bigEndianBytes: [UInt8] { bytes32.bytes }

    /// The number big-endian without leading zeros; zero gives no byte.
    public var minimalBigEndianBytes: [UInt8] {
        bytes32.withUnsafeBytes { Array($0[(32 - minimalByteCount)...]) }
    }

    /// Reads 32 bytes, big-endian.
    public init(_ bytes: Bytes32) {
        self.init(limbs: (bytes.word3.bigEndian, bytes.word2.bigEndian, bytes.word1.bigEndian, bytes.word0.bigEndian))
    }

    /// Reads up to 32 bytes, big-endian, leading zeros allowed; `nil` when there are more.
    public init?(bigEndianBytes bytes: some Collection<UInt8>) {
        guard bytes.count <= 32 else { return nil }
        var limbs: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for byte in bytes {
            limbs.3 = limbs.3 << 8 | limbs.2 >> 56
            limbs.2 = limbs.2 << 8 | limbs.1 >> 56
            limbs.1 = limbs.1 << 8 | limbs.0 >> 56
            limbs.0 = limbs.0 << 8 | UInt64(byte)
        }
        self.init(limbs: limbs)
    }
}
