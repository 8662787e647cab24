// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension SecretKey {
    /// A tag by which the holder of the key, and nobody else, can tell whether two secrets are the same.
    ///
    /// It is HMAC-SHA-256 (RFC 2104) of the secret under a key that is made from this one and `purpose` in the same way.
    /// Unlike a plain digest it does not let others try out likely secrets.
    package borrowing func tag(of secret: SecretBytes, purpose: String) -> Bytes32 {
        let purpose = Array(purpose.utf8)
        let derived = SecretBytes(capacity: 32) { output in
            withUnsafeBytes { key in
                purpose.withUnsafeBytes { message in Self.authenticate(message, key: key, into: output) }
            }
            return 32
        }
        return withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { output in
            derived.withUnsafeBytes { key in
                secret.withUnsafeBytes { message in Self.authenticate(message, key: key, into: output) }
            }
            return Bytes32(bytes: UnsafeRawBufferPointer(output)) ?? .zero
        }
    }

    /// Writes 32 bytes; no input makes it fail, and without memory the process ends, as with any allocation.
    private static func authenticate(
        _ message: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
        var count: UInt32 = 0
        let made = HMAC(
            EVP_sha256(), key.baseAddress, Int32(key.count), message.assumingMemoryBound(to: UInt8.self).baseAddress,
            message.count, output.assumingMemoryBound(to: UInt8.self).baseAddress, &count)
        guard made != nil, count == 32 else { preconditionFailure("libcrypto could not compute HMAC-SHA-256") }
    }
}

extension LocalSigner {
    /// A tag by which the holder of the key, and nobody else, can tell whether two secrets are the same.
    package func tag(of secret: SecretBytes, purpose: String) -> Bytes32 {
        key.tag(of: secret, purpose: purpose)
    }
}
