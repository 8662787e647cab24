// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// SHA-256 (FIPS 180-4), computed by libcrypto.
public enum SHA256 {
    /// The digest of a byte string, 32 bytes.
    public static func hash(_ bytes: [UInt8]) -> Bytes32 {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a byte string, 32 bytes.
    ///
    /// A libcrypto without SHA-256, or without memory for a digest context, ends the process: no input causes it,
    /// and a wrong digest would be worse.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Bytes32 {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            let output = digest.assumingMemoryBound(to: UInt8.self)
            var length: UInt32 = 0
            let status = EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, &length, EVP_sha256(), nil)
            guard status == 1, let value = Bytes32(bytes: UnsafeRawBufferPointer(digest)) else {
                preconditionFailure("libcrypto could not compute SHA-256")
            }
            return value
        }
    }
}
