// SPDX-License-Identifier: Apache-2.0

import COpenSSL
public import EthTx

/// The encryption of environments, as a dstack KMS and its guests know it: an ephemeral X25519 key, whose secret shared
/// with the app's key is the key of AES-256-GCM.
///
/// The result is ephemeral public key (32 bytes) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
public enum EnvCipher {
    private static let headByteCount = X25519PrivateKey.byteCount + AES256GCM.nonceByteCount

    /// Encrypts variables for an app; the same ones never give the same bytes twice.
    ///
    /// - Parameters:
    ///   - variables: all variables of the app: a new set replaces the old one.
    ///   - publicKey: the app's X25519 key, 32 bytes little-endian, whose signature has been checked.
    /// - Returns: hex digits without `0x`, as the field `encrypted_env` takes them.
    public static func encrypt(_ variables: EnvVariables, to publicKey: Bytes32) throws(EnvCipherError) -> String {
        var nonce = [UInt8](repeating: 0, count: AES256GCM.nonceByteCount)
        guard RAND_bytes(&nonce, Int32(nonce.count)) == 1 else { throw .libcrypto("RAND_bytes") }
        let bytes = try seal(variables.json(), to: publicKey, ephemeral: try .generate(), nonce: nonce)
        return Hex.encodeBare(bytes)
    }

    /// Encrypts with an ephemeral key and a nonce that are given: for test vectors, since both must never be used twice.
    package static func seal(
        _ plaintext: SecretBytes, to publicKey: Bytes32, ephemeral: borrowing X25519PrivateKey, nonce: [UInt8]
    ) throws(EnvCipherError) -> [UInt8] {
        let shared = try ephemeral.sharedSecret(with: publicKey)
        let sealed = try AES256GCM.seal(plaintext, key: shared, nonce: nonce)
        return ephemeral.publicKey.bytes + nonce + sealed
    }

    /// Decrypts what was encrypted for a key, as a guest does.
    package static func open(
        _ bytes: [UInt8], with privateKey: borrowing X25519PrivateKey
    ) throws(EnvCipherError) -> SecretBytes {
        guard bytes.count >= headByteCount + AES256GCM.tagByteCount,
            let ephemeral = Bytes32(bytes: Array(bytes[..<X25519PrivateKey.byteCount]))
        else { throw .notAuthentic }
        let shared = try privateKey.sharedSecret(with: ephemeral)
        return try AES256GCM.open(
            Array(bytes[headByteCount..<bytes.count - AES256GCM.tagByteCount]),
            tag: Array(bytes.suffix(AES256GCM.tagByteCount)), key: shared,
            nonce: Array(bytes[X25519PrivateKey.byteCount..<headByteCount]))
    }
}
