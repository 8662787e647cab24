// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// AES-128 in counter mode, where encrypting and decrypting are the same.
enum AES128CTR {
    /// Applies the key stream to bytes: `key` and `iv` have 16 bytes, `output` as many as `input`.
    static func apply(
        key: UnsafeRawBufferPointer, iv: [UInt8], input: UnsafeRawBufferPointer, output: UnsafeMutableRawBufferPointer
    ) throws(KeystoreError) {
        precondition(key.count >= 16 && iv.count == 16 && output.count >= input.count, "sizes of AES-128-CTR")
        guard let context = EVP_CIPHER_CTX_new() else { throw .libraryFailure(function: "EVP_CIPHER_CTX_new") }
        defer { EVP_CIPHER_CTX_free(context) }
        let secret = key.assumingMemoryBound(to: UInt8.self).baseAddress
        guard EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nil, secret, iv) == 1 else {
            throw .libraryFailure(function: "EVP_EncryptInit_ex")
        }
        var count: Int32 = 0
        let status = EVP_EncryptUpdate(
            context, output.assumingMemoryBound(to: UInt8.self).baseAddress, &count,
            input.assumingMemoryBound(to: UInt8.self).baseAddress, Int32(input.count))
        guard status == 1, Int(count) == input.count else { throw .libraryFailure(function: "EVP_EncryptUpdate") }
    }
}
