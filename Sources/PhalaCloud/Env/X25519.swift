// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import EthTx

/// A private key of X25519 (RFC 7748), in libcrypto's memory, which wipes it.
package struct X25519PrivateKey: ~Copyable {
    /// Bytes of a private key, a public key and a shared secret.
    package static let byteCount = 32

    private let key: LibcryptoKey

    /// The public key, 32 bytes, little-endian.
    package let publicKey: Bytes32

    /// Takes over 32 bytes, which the function of the RFC clamps; the original is the caller's to wipe.
    package init(_ bytes: UnsafeRawBufferPointer) throws(EnvCipherError) {
        guard bytes.count == Self.byteCount else { throw .wrongKeyLength(bytes.count) }
        let key = try LibcryptoKey(privateKey: bytes)
        publicKey = try key.publicKey()
        self.key = key
    }

    /// A new key from libcrypto's random bytes.
    package static func generate() throws(EnvCipherError) -> X25519PrivateKey {
        let bytes = try SecretBytes(capacity: byteCount) { buffer throws(EnvCipherError) in
            guard RAND_priv_bytes(buffer.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(byteCount)) == 1 else {
                throw .libcrypto("RAND_priv_bytes")
            }
            return byteCount
        }
        return try bytes.withUnsafeBytes { raw throws(EnvCipherError) in try X25519PrivateKey(raw) }
    }

    /// The secret shared with the holder of another key, 32 bytes.
    ///
    /// - Throws: ``EnvCipherError/weakPublicKey`` when it is all zero (RFC 7748, section 6.1).
    package borrowing func sharedSecret(with publicKey: Bytes32) throws(EnvCipherError) -> SecretBytes {
        let peer = try LibcryptoKey(publicKey: publicKey)
        return try key.derive(with: peer)
    }
}

/// A key of X25519 as libcrypto holds it.
struct LibcryptoKey: ~Copyable {
    private let pointer: OpaquePointer

    init(privateKey bytes: UnsafeRawBufferPointer) throws(EnvCipherError) {
        let made = EVP_PKEY_new_raw_private_key(
            EVP_PKEY_X25519, nil, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
        guard let made else { throw .libcrypto("EVP_PKEY_new_raw_private_key") }
        pointer = made
    }

    init(publicKey: Bytes32) throws(EnvCipherError) {
        let made = publicKey.withUnsafeBytes {
            EVP_PKEY_new_raw_public_key(
                EVP_PKEY_X25519, nil, $0.assumingMemoryBound(to: UInt8.self).baseAddress, $0.count)
        }
        guard let made else { throw .libcrypto("EVP_PKEY_new_raw_public_key") }
        pointer = made
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    borrowing func publicKey() throws(EnvCipherError) -> Bytes32 {
        var bytes = [UInt8](repeating: 0, count: X25519PrivateKey.byteCount)
        var count = bytes.count
        guard EVP_PKEY_get_raw_public_key(pointer, &bytes, &count) == 1, count == bytes.count,
            let key = Bytes32(bytes: bytes)
        else { throw .libcrypto("EVP_PKEY_get_raw_public_key") }
        return key
    }

    borrowing func derive(with peer: borrowing LibcryptoKey) throws(EnvCipherError) -> SecretBytes {
        guard let context = EVP_PKEY_CTX_new(pointer, nil) else { throw .libcrypto("EVP_PKEY_CTX_new") }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_derive_init(context) == 1 else { throw .libcrypto("EVP_PKEY_derive_init") }
        guard EVP_PKEY_derive_set_peer(context, peer.pointer) == 1 else { throw .libcrypto("EVP_PKEY_derive_set_peer") }
        let size = X25519PrivateKey.byteCount
        return try SecretBytes(capacity: size) { buffer throws(EnvCipherError) in
            var count = size
            let status = EVP_PKEY_derive(context, buffer.assumingMemoryBound(to: UInt8.self).baseAddress, &count)
            guard status == 1 else {
                // With the sizes right, libcrypto fails here only when the result is all zero.
                ERR_clear_error()
                throw .weakPublicKey
            }
            guard count == size else { throw .libcrypto("EVP_PKEY_derive") }
            guard buffer.reduce(0, |) != 0 else { throw .weakPublicKey }
            return size
        }
    }
}

extension EnvCipherError {
    /// The failure of a function just called; takes the reason from the thread's error queue and empties it.
    static func libcrypto(_ function: String) -> EnvCipherError {
        let code = ERR_get_error()
        ERR_clear_error()
        let reason = ERR_reason_error_string(code).map { String(cString: $0) } ?? ""
        return .library(function: function, reason: reason)
    }
}
