// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a secret key.
///
/// No case carries any of them.
public enum SecretKeyError: Error, Sendable, Hashable {
    /// There are not exactly 32 bytes.
    case wrongLength(Int)
    /// The number is zero or not below the order of the group.
    case outOfRange
    /// The text is not 64 hex digits, with or without `0x`.
    case notHex
}

extension SecretKeyError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .wrongLength(let count): "a secret key has 32 bytes, found \(count)"
        case .outOfRange: "a secret key is between 1 and the order of secp256k1"
        case .notHex: "a secret key is written as 64 hex digits, with or without 0x"
        }
    }
}
