// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A KMS's signature on the key that an app's environment is encrypted with.
///
/// What is signed is keccak256("dstack-env-encrypt-pubkey:" ‖ app id ‖ [timestamp, 8 bytes big-endian] ‖ public key),
/// by secp256k1; the signature is r ‖ s ‖ recovery id, 65 bytes. Without a timestamp an old answer can be replayed.
public struct EnvKeySignature: Sendable, Hashable {
    /// How old a signature with a timestamp may be, in seconds.
    public static let maximumAge: UInt64 = 300

    /// How far ahead of this machine's clock its timestamp may be, in seconds.
    public static let maximumSkew: UInt64 = 60

    /// r ‖ s ‖ recovery id.
    public let bytes: [UInt8]

    /// Unix time in seconds that is signed too; `nil` in the older variant.
    public let timestamp: UInt64?

    /// Names a signature; nothing is checked.
    public init(bytes: [UInt8], timestamp: UInt64?) {
        self.bytes = bytes
        self.timestamp = timestamp
    }

    /// Who made the signature; `nil` when it is malformed or no key fits.
    ///
    /// Some key fits almost any 65 bytes: the signer means nothing before it is compared with the one that is expected.
    public func signer(appID: Address, publicKey: Bytes32) -> PublicKey? {
        signer(ofMessage: Self.message(appID: appID.bytes, timestamp: timestamp, publicKey: publicKey.bytes))
    }

    /// Whether the timestamp is of the last five minutes by a clock; always, when there is none.
    public func isFresh(at now: UInt64) -> Bool {
        guard let timestamp else { return true }
        return now >= timestamp ? now - timestamp <= Self.maximumAge : timestamp - now <= Self.maximumSkew
    }

    /// The bytes whose Keccak-256 is signed.
    package static func message(appID: [UInt8], timestamp: UInt64?, publicKey: [UInt8]) -> [UInt8] {
        let time = timestamp.map { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } } ?? []
        return Array("dstack-env-encrypt-pubkey:".utf8) + appID + time + publicKey
    }

    /// Who signed a message.
    package func signer(ofMessage message: [UInt8]) -> PublicKey? {
        guard bytes.count == 65, bytes[64] <= 1, let r = UInt256(bigEndianBytes: bytes[..<32]),
            let s = UInt256(bigEndianBytes: bytes[32..<64])
        else { return nil }
        return Secp256k1.recover(digest: .keccak256(message), r: r, s: s, recoveryID: Int(bytes[64]))
    }
}
