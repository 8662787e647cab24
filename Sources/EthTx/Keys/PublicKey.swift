// SPDX-License-Identifier: Apache-2.0

import Keccak

/// A public key of secp256k1: a point of the curve.
public struct PublicKey: Sendable, Hashable {
    /// The x coordinate, 32 bytes big-endian.
    public let x: Bytes32

    /// The y coordinate, 32 bytes big-endian.
    public let y: Bytes32

    /// Takes over coordinates that the curve library has computed.
    init(x: Bytes32, y: Bytes32) {
        self.x = x
        self.y = y
    }

    /// Reads a key in the compressed (33 bytes) or uncompressed (65 bytes) form of SEC 1; `nil` when it is no
    /// point of the curve.
    public init?(bytes: [UInt8]) {
        switch (bytes.count, bytes.first) {
        case (33, 2), (33, 3), (65, 4): break
        case (_, _): return nil
        }
        guard let key = Secp256k1.parse(bytes) else { return nil }
        self = key
    }

    /// 33 bytes: `0x02` or `0x03` for an even or odd y, then x (SEC 1, section 2.3.3).
    public var compressed: [UInt8] {
        [y.withUnsafeBytes { $0[31] & 1 == 0 ? 0x02 : 0x03 }] + x.bytes
    }

    /// 65 bytes: `0x04`, x and y (SEC 1, section 2.3.3).
    public var uncompressed: [UInt8] { [0x04] + x.bytes + y.bytes }

    /// The account's address: the last 20 bytes of the Keccak-256 of x and y.
    public var address: Address {
        withUnsafeBytes(of: (x, y)) { Address(lastBytesOf: Keccak256.hash($0)) }
    }
}

extension PublicKey: CustomStringConvertible {
    /// The compressed form as hex data.
    public var description: String { Hex.encode(compressed) }
}

extension Address {
    /// The address of a key's account.
    public init(publicKey: PublicKey) {
        self = publicKey.address
    }
}
