// SPDX-License-Identifier: Apache-2.0

/// A recoverable secp256k1 signature as transactions carry it.
public struct Signature: Sendable, Hashable {
    /// Whether the y coordinate of the signature's point is odd.
    public let yParity: Bool

    /// The x coordinate of the signature's point modulo the order of the group.
    public let r: UInt256

    /// The proof; at most half the order of the group (EIP-2).
    public let s: UInt256

    /// Takes over values that have been checked or come from the signing function.
    @inline(__always)
    init(unchecked yParity: Bool, r: UInt256, s: UInt256) {
        self.yParity = yParity
        self.r = r
        self.s = s
    }

    /// Checks that r and s are in range and s is low (EIP-2).
    public init(yParity: Bool, r: UInt256, s: UInt256) throws(SignatureFault) {
        self.init(unchecked: yParity, r: r, s: s)
        if let fault { throw fault }
    }

    /// What is wrong with r or s, if anything.
    @inline(__always)
    var fault: SignatureFault? {
        if r.isZero || r >= Secp256k1.order { return .rOutOfRange }
        if s.isZero || s >= Secp256k1.order { return .sOutOfRange }
        return s > Secp256k1.halfOrder ? .highS : nil
    }

    /// Reads 65 bytes, r, s and v, where v is 0, 1, 27 or 28.
    public init(bytes: [UInt8]) throws(SignatureFault) {
        guard bytes.count == 65, let r = UInt256(bigEndianBytes: bytes[0..<32]),
            let s = UInt256(bigEndianBytes: bytes[32..<64])
        else { throw .unrecoverable }
        switch bytes[64] {
        case 0, 27: try self.init(yParity: false, r: r, s: s)
        case 1, 28: try self.init(yParity: true, r: r, s: s)
        default: throw .invalidV
        }
    }

    /// 65 bytes: r, s and v, where v is 27 or 28, as messages are signed.
    public var bytes: [UInt8] {
        r.bigEndianBytes + s.bigEndianBytes + [yParity ? 28 : 27]
    }

    /// The key that made the signature over a 32-byte digest.
    public func recover(from digest: Bytes32) throws(SignatureFault) -> PublicKey {
        guard let key = Secp256k1.recover(digest: digest, r: r, s: s, recoveryID: yParity ? 1 : 0) else {
            throw .unrecoverable
        }
        return key
    }
}
