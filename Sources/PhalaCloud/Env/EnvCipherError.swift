// SPDX-License-Identifier: Apache-2.0

/// Why an environment was not encrypted or decrypted; no case holds anything of it.
public enum EnvCipherError: Error, Sendable, Hashable {
    /// A key does not have 32 bytes.
    case wrongKeyLength(Int)
    /// The shared secret would be all zero: the public key is of low order, and anybody could decrypt.
    case weakPublicKey
    /// More than 2^31 − 1 bytes.
    case tooLong
    /// The bytes are too short, or were not made for this key, or were changed.
    case notAuthentic
    /// A function of libcrypto failed; `reason` is its own text and may be empty.
    case library(function: String, reason: String)
}

extension EnvCipherError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .wrongKeyLength(let count): "an X25519 key has 32 bytes, found \(count)"
        case .weakPublicKey: "the public key is of low order, so the shared secret would be known to everybody"
        case .tooLong: "it is longer than 2 GiB"
        case .notAuthentic: "it was not encrypted for this key, or was changed"
        case .library(let function, let reason):
            "libcrypto's \(function) failed" + (reason.isEmpty ? "" : ": \(reason)")
        }
    }
}
