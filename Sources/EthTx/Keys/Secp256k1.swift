// SPDX-License-Identifier: Apache-2.0

import CSecp256k1

/// The curve secp256k1 (SEC 2, section 2.4.1) and plain ECDSA over it, by libsecp256k1.
public enum Secp256k1 {
    /// The order n of the group.
    public static let order = UInt256(
        limbs: (0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, 0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff))

    /// n / 2 rounded down: the greatest s that a transaction may carry (EIP-2).
    public static let halfOrder = UInt256(
        limbs: (0xdfe9_2f46_681b_20a0, 0x5d57_6e73_57a4_501d, 0xffff_ffff_ffff_ffff, 0x7fff_ffff_ffff_ffff))

    /// Recovers the key that made a signature over a 32-byte digest.
    ///
    /// `recoveryID` is 0...3; 2 and 3 say that the x coordinate of the point passed the order, which no
    /// transaction can express. A high s is fine here. `nil` when no key fits or a value is out of range.
    public static func recover(digest: Bytes32, r: UInt256, s: UInt256, recoveryID: Int) -> PublicKey? {
        guard (0...3).contains(recoveryID) else { return nil }
        let context = Secp256k1Context.shared.pointer
        var signature = secp256k1_ecdsa_recoverable_signature()
        var key = secp256k1_pubkey()
        let parsed = withUnsafePointer(to: (r.bytes32, s.bytes32)) { compact in
            secp256k1_ecdsa_recoverable_signature_parse_compact(
                context, &signature, octets(compact), Int32(recoveryID))
        }
        guard parsed == 1 else { return nil }
        let recovered = withUnsafePointer(to: digest) {
            secp256k1_ecdsa_recover(context, &key, &signature, octets($0))
        }
        return recovered == 1 ? coordinates(of: &key) : nil
    }

    /// Whether r and s are a signature of a key over a 32-byte digest, by plain ECDSA: a high s is valid too.
    public static func verify(digest: Bytes32, r: UInt256, s: UInt256, publicKey: PublicKey) -> Bool {
        let context = Secp256k1Context.shared.pointer
        var signature = secp256k1_ecdsa_signature()
        var key = secp256k1_pubkey()
        let parsed = withUnsafePointer(to: (r.bytes32, s.bytes32)) {
            secp256k1_ecdsa_signature_parse_compact(context, &signature, octets($0))
        }
        guard parsed == 1, load(publicKey.uncompressed, into: &key) else { return false }
        // The library verifies low-s signatures only; the sign of s makes no difference to ECDSA.
        var normalized = secp256k1_ecdsa_signature()
        secp256k1_ecdsa_signature_normalize(context, &normalized, &signature)
        return withUnsafePointer(to: digest) {
            secp256k1_ecdsa_verify(context, &normalized, octets($0), &key) == 1
        }
    }

    /// Reads a key in one of the forms of SEC 1.
    static func parse(_ bytes: [UInt8]) -> PublicKey? {
        var key = secp256k1_pubkey()
        return load(bytes, into: &key) ? coordinates(of: &key) : nil
    }

    /// The public key of 32 secret bytes; `nil` when they are zero or not below the order.
    static func publicKey(ofSecret secret: UnsafeRawPointer) -> PublicKey? {
        var key = secp256k1_pubkey()
        let made = secp256k1_ec_pubkey_create(
            Secp256k1Context.shared.pointer, &key, secret.assumingMemoryBound(to: UInt8.self))
        return made == 1 ? coordinates(of: &key) : nil
    }

    /// Signs a 32-byte digest with 32 secret bytes: nonce by RFC 6979, low s.
    ///
    /// `nil` when the library fails or the
    /// recovery identifier is beyond 1, which happens with a chance of 2^−127.
    @inline(__always)
    static func sign(digest: UnsafeRawPointer, secret: UnsafeRawPointer) -> Signature? {
        let context = Secp256k1Context.shared.pointer
        var recoverable = secp256k1_ecdsa_recoverable_signature()
        guard
            secp256k1_ecdsa_sign_recoverable(
                context, &recoverable, digest.assumingMemoryBound(to: UInt8.self),
                secret.assumingMemoryBound(to: UInt8.self), nil, nil) == 1
        else { return nil }
        var compact = (Bytes32.zero, Bytes32.zero)
        var recoveryID: Int32 = -1
        let serialized = withUnsafeMutablePointer(to: &compact) { output in
            secp256k1_ecdsa_recoverable_signature_serialize_compact(
                context, UnsafeMutableRawPointer(output).assumingMemoryBound(to: UInt8.self), &recoveryID, &recoverable)
        }
        guard serialized == 1, recoveryID == 0 || recoveryID == 1 else { return nil }
        return Signature(unchecked: recoveryID == 1, r: UInt256(compact.0), s: UInt256(compact.1))
    }

    /// The bytes of a value in memory.
    @inline(__always)
    private static func octets<Value>(_ pointer: UnsafePointer<Value>) -> UnsafePointer<UInt8> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt8.self)
    }

    private static func load(_ bytes: [UInt8], into key: inout secp256k1_pubkey) -> Bool {
        secp256k1_ec_pubkey_parse(Secp256k1Context.shared.pointer, &key, bytes, bytes.count) == 1
    }

    private static func coordinates(of key: inout secp256k1_pubkey) -> PublicKey? {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { output in
            guard let base = output.baseAddress else { return nil }
            var count = 65
            let serialized = secp256k1_ec_pubkey_serialize(
                Secp256k1Context.shared.pointer, base.assumingMemoryBound(to: UInt8.self), &count, &key,
                UInt32(SECP256K1_EC_UNCOMPRESSED))
            guard serialized == 1, count == 65 else { return nil }
            return PublicKey(x: Bytes32(unchecked: base + 1), y: Bytes32(unchecked: base + 33))
        }
    }
}
