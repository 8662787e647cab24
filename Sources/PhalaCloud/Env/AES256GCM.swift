// SPDX-License-Identifier: Apache-2.0

import COpenSSL
package import EthTx

/// AES-256 in Galois/counter mode (NIST SP 800-38D) with a nonce of 12 bytes and a tag of 16.
package enum AES256GCM {
    /// Bytes of a nonce.
    package static let nonceByteCount = 12

    /// Bytes of a tag.
    package static let tagByteCount = 16

    /// Ciphertext and tag of a secret; `key` has 32 bytes.
    package static func seal(
        _ plaintext: SecretBytes, key: SecretBytes, nonce: [UInt8], additionalData: [UInt8] = []
    ) throws(EnvCipherError) -> [UInt8] {
        let context = try CipherContext(key: key, nonce: nonce, isEncrypting: true)
        try context.update(additionalData)
        var output = [UInt8](repeating: 0, count: plaintext.count)
        try plaintext.withUnsafeBytes { input throws(EnvCipherError) in
            try context.update(input.assumingMemoryBound(to: UInt8.self).baseAddress, input.count, &output)
        }
        return output + (try context.tag())
    }

    /// The secret behind ciphertext and tag.
    ///
    /// - Throws: ``EnvCipherError/notAuthentic`` when the tag does not fit; nothing of the plain text comes out then.
    package static func open(
        _ ciphertext: [UInt8], tag: [UInt8], key: SecretBytes, nonce: [UInt8], additionalData: [UInt8] = []
    ) throws(EnvCipherError) -> SecretBytes {
        guard tag.count == tagByteCount else { throw .notAuthentic }
        let context = try CipherContext(key: key, nonce: nonce, isEncrypting: false)
        try context.update(additionalData)
        return try SecretBytes(capacity: ciphertext.count) { buffer throws(EnvCipherError) in
            try context.update(ciphertext, ciphertext.count, buffer.assumingMemoryBound(to: UInt8.self).baseAddress)
            try context.check(tag)
            return ciphertext.count
        }
    }
}

/// A cipher context of libcrypto, which wipes its key.
struct CipherContext: ~Copyable {
    private let pointer: OpaquePointer

    init(key: SecretBytes, nonce: [UInt8], isEncrypting: Bool) throws(EnvCipherError) {
        guard key.count == 32 else { throw .wrongKeyLength(key.count) }
        guard nonce.count == AES256GCM.nonceByteCount else { throw .notAuthentic }
        guard let made = EVP_CIPHER_CTX_new() else { throw .libcrypto("EVP_CIPHER_CTX_new") }
        // The default length of a nonce in this mode is 12 bytes.
        let status = key.withUnsafeBytes {
            EVP_CipherInit_ex(
                made, EVP_aes_256_gcm(), nil, $0.assumingMemoryBound(to: UInt8.self).baseAddress, nonce,
                isEncrypting ? 1 : 0)
        }
        guard status == 1 else {
            EVP_CIPHER_CTX_free(made)
            throw .libcrypto("EVP_CipherInit_ex")
        }
        pointer = made
    }

    deinit {
        EVP_CIPHER_CTX_free(pointer)
    }

    /// Takes in what is authenticated and not encrypted.
    borrowing func update(_ additionalData: [UInt8]) throws(EnvCipherError) {
        guard !additionalData.isEmpty else { return }
        guard let length = Int32(exactly: additionalData.count) else { throw .tooLong }
        var count: Int32 = 0
        guard EVP_CipherUpdate(pointer, nil, &count, additionalData, length) == 1 else {
            throw .libcrypto("EVP_CipherUpdate")
        }
    }

    /// Encrypts or decrypts so many bytes; there is room for as many at `output`.
    borrowing func update(
        _ input: UnsafePointer<UInt8>?, _ size: Int, _ output: UnsafeMutablePointer<UInt8>?
    ) throws(EnvCipherError) {
        guard size > 0 else { return }
        guard let length = Int32(exactly: size) else { throw .tooLong }
        var count: Int32 = 0
        guard EVP_CipherUpdate(pointer, output, &count, input, length) == 1, count == length else {
            throw .libcrypto("EVP_CipherUpdate")
        }
    }

    /// Ends encrypting.
    borrowing func tag() throws(EnvCipherError) -> [UInt8] {
        var rest: [UInt8] = [0]
        var count: Int32 = 0
        guard EVP_CipherFinal_ex(pointer, &rest, &count) == 1, count == 0 else {
            throw .libcrypto("EVP_CipherFinal_ex")
        }
        var tag = [UInt8](repeating: 0, count: AES256GCM.tagByteCount)
        guard EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1 else {
            throw .libcrypto("EVP_CIPHER_CTX_ctrl")
        }
        return tag
    }

    /// Ends decrypting.
    borrowing func check(_ tag: [UInt8]) throws(EnvCipherError) {
        var expected = tag
        guard EVP_CIPHER_CTX_ctrl(pointer, EVP_CTRL_AEAD_SET_TAG, Int32(expected.count), &expected) == 1 else {
            throw .libcrypto("EVP_CIPHER_CTX_ctrl")
        }
        var rest: [UInt8] = [0]
        var count: Int32 = 0
        guard EVP_CipherFinal_ex(pointer, &rest, &count) == 1, count == 0 else {
            ERR_clear_error()
            throw .notAuthentic
        }
    }
}
