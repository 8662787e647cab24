// SPDX-License-Identifier: Apache-2.0

/// Why nothing has been signed, or a signature has been withheld.
public enum SigningError: Error, Sendable, Hashable {
    /// The chain identifier of a legacy transaction leaves no room for v in 256 bits.
    case chainIDTooGreat
    /// The caller's buffer is too small; so many bytes are enough.
    case bufferTooSmall(needed: Int)
    /// The curve library could not sign, or gave a signature that no transaction can carry.
    case libraryFailure
    /// The signature does not lead back to the key: memory or processor are faulty. It has been thrown away.
    case selfCheckFailed
    /// A service that signs could not be reached, or gave no answer. It may have signed.
    case unavailable(reason: String)
    /// A service that signs has answered with something else than a signed transaction. It may have signed.
    case unreadable(reason: String)
    /// A service that signs has refused.
    case refused(reason: String)
    /// A service that signs has signed something else than was asked; the field that differs.
    case altered(field: TransactionField)
    /// A service that signs has used another account.
    case wrongSigner(expected: Address, found: Address)
}

extension SigningError: CustomStringConvertible {
    /// What happened, in one clause, without any secret.
    public var description: String {
        switch self {
        case .chainIDTooGreat: "the chain identifier leaves no room for v in 256 bits (EIP-155)"
        case .bufferTooSmall(let needed): "the buffer is too small, \(needed) bytes are enough"
        case .libraryFailure: "libsecp256k1 could not make a signature that a transaction can carry"
        case .selfCheckFailed: "the signature does not lead back to the signing key; memory or processor are faulty"
        case .unavailable(let reason): "the signer gave no answer: \(reason)"
        case .unreadable(let reason): "the signer's answer is not a signed transaction: \(reason)"
        case .refused(let reason): "the signer refused: \(reason)"
        case .altered(let field): "the signer changed the field \(field.rawValue) of the transaction"
        case .wrongSigner(let expected, let found): "signed by \(found) instead of \(expected)"
        }
    }
}
