// SPDX-License-Identifier: Apache-2.0

/// Why a signature is not one that a transaction may carry.
public enum SignatureFault: Error, Sendable, Hashable {
    /// v is neither 27 or 28 nor 35 and more.
    case invalidV
    /// yParity is neither 0 nor 1.
    case invalidYParity
    /// r is zero or not below the order of the group.
    case rOutOfRange
    /// s is zero or not below the order of the group.
    case sOutOfRange
    /// s is in the upper half of its range (EIP-2).
    case highS
    /// No public key fits the signature.
    case unrecoverable
}

extension SignatureFault: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .invalidV: "v is neither 27, 28 nor at least 35"
        case .invalidYParity: "yParity is neither 0 nor 1"
        case .rOutOfRange: "r is not between 1 and the order of the group"
        case .sOutOfRange: "s is not between 1 and the order of the group"
        case .highS: "s is in the upper half of its range (EIP-2)"
        case .unrecoverable: "no public key fits the signature"
        }
    }
}
