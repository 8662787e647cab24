// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// How a keystore makes a key from a passphrase, with bounds against hostile files.
public enum KeyDerivation: Sendable, Hashable {
    /// scrypt (RFC 7914): cost N, block size r, parallelism p.
    case scrypt(n: Int, r: Int, p: Int)
    /// PBKDF2 with HMAC-SHA-256 (RFC 8018) and so many iterations.
    case pbkdf2(iterations: Int)

    /// What go-ethereum writes: 256 MiB of memory and about a second.
    public static let standard = KeyDerivation.scrypt(n: 1 << 18, r: 8, p: 1)

    /// The most memory that scrypt may take for its table, 128·N·r bytes.
    static let memoryLimit = 512 * 1024 * 1024

    /// The greatest N·r·p; go-ethereum's standard is 2^21.
    static let workLimit = 1 << 24

    /// The most iterations of PBKDF2.
    static let iterationLimit = 10_000_000

    /// Checks all parameters; afterwards ``derive(passphrase:salt:byteCount:)`` is bounded in memory and time.
    func validate() throws(KeystoreError) {
        switch self {
        case .scrypt(let n, let r, let p):
            guard n >= 2, n & (n - 1) == 0 else {
                throw .invalidParameter(name: "n", reason: "must be a power of two above 1")
            }
            guard r >= 1 else { throw .invalidParameter(name: "r", reason: "must be at least 1") }
            guard p >= 1 else { throw .invalidParameter(name: "p", reason: "must be at least 1") }
            let (blocks, tooWide) = n.multipliedReportingOverflow(by: r)
            guard !tooWide, blocks <= Self.memoryLimit / 128 else {
                throw .tooCostly(reason: "scrypt with n = \(n), r = \(r) needs more than 512 MiB of memory")
            }
            let (work, tooMuch) = blocks.multipliedReportingOverflow(by: p)
            guard !tooMuch, work <= Self.workLimit else {
                throw .tooCostly(reason: "scrypt with n·r·p above 2^24")
            }
            // blocks is bounded, so r < 2^22 and the shift only matters for r = 1, 2, 3.
            guard r >= 4 || n >> (16 * r) == 0 else { throw .outsideRFC7914 }
        case .pbkdf2(let iterations):
            guard iterations >= 1 else { throw .invalidParameter(name: "c", reason: "must be at least 1") }
            guard iterations <= Self.iterationLimit else {
                throw .tooCostly(reason: "PBKDF2 with more than 10^7 iterations")
            }
        }
    }

    /// Derives a key into locked memory.
    func derive(passphrase: SecretBytes, salt: [UInt8], byteCount: Int) throws(KeystoreError) -> LockedMemory {
        try validate()
        return try LockedMemory(capacity: byteCount) { output throws(KeystoreError) in
            let target = output.assumingMemoryBound(to: UInt8.self).baseAddress
            let status = passphrase.withUnsafeBytes { secret -> Int32 in
                let password = secret.assumingMemoryBound(to: CChar.self).baseAddress
                switch self {
                case .scrypt(let n, let r, let p):
                    // What validate() allows, and the smaller buffers beside the table.
                    let memory = 128 * n * r + 128 * r * p + 256 * r + 1024 * 1024
                    return EVP_PBE_scrypt(
                        password, secret.count, salt, salt.count, UInt64(n), UInt64(r), UInt64(p), UInt64(memory),
                        target, byteCount)
                case .pbkdf2(let iterations):
                    return PKCS5_PBKDF2_HMAC(
                        password, Int32(secret.count), salt, Int32(salt.count), Int32(iterations), EVP_sha256(),
                        Int32(byteCount), target)
                }
            }
            guard status == 1 else { throw .libraryFailure(function: "key derivation") }
            return byteCount
        }
    }
}
