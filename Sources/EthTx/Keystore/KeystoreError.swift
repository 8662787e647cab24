// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Why a keystore gave no key.
public enum KeystoreError: Error, Sendable, Hashable {
    /// The text is not JSON.
    case notJSON(JSONParseError)
    /// A field is missing or of another type.
    case shape(JSONShapeError)
    /// A field is not hex digits.
    case notHex(field: String, HexError)
    /// The version is not 3.
    case unsupportedVersion(String)
    /// The cipher is not `aes-128-ctr`.
    case unsupportedCipher(String)
    /// The key derivation is neither `scrypt` nor `pbkdf2`.
    case unsupportedKDF(String)
    /// The pseudo-random function of PBKDF2 is not `hmac-sha256`.
    case unsupportedPRF(String)
    /// A parameter has a value that makes no sense.
    case invalidParameter(name: String, reason: String)
    /// The derivation would cost more memory or time than is granted to a file.
    case tooCostly(reason: String)
    /// scrypt with N ≥ 2^(16·r), outside the bounds of RFC 7914, which libcrypto does not compute.
    case outsideRFC7914
    /// The passphrase is wrong, or the file damaged: the check sum over key and ciphertext differs.
    case macMismatch
    /// What was decrypted is no secret key.
    case invalidKey(SecretKeyError)
    /// The key belongs to another address than the file says.
    case addressMismatch(stated: Address, found: Address)
    /// libcrypto failed.
    case libraryFailure(function: String)
}

extension KeystoreError: CustomStringConvertible {
    /// What is wrong, in one clause, without any secret.
    public var description: String {
        switch self {
        case .notJSON(let error): "the keystore is not JSON: \(error)"
        case .shape(let error): "the keystore is not of version 3: \(error)"
        case .notHex(let field, let error): "keystore field \(field): \(error)"
        case .unsupportedVersion(let version): "keystore version \(version) is not supported, only 3 is"
        case .unsupportedCipher(let name): "keystore cipher \(name) is not supported, only aes-128-ctr is"
        case .unsupportedKDF(let name): "keystore kdf \(name) is not supported, only scrypt and pbkdf2 are"
        case .unsupportedPRF(let name): "keystore prf \(name) is not supported, only hmac-sha256 is"
        case .invalidParameter(let name, let reason): "keystore parameter \(name): \(reason)"
        case .tooCostly(let reason): "the keystore asks for too much work: \(reason)"
        case .outsideRFC7914: "the keystore's scrypt parameters are outside RFC 7914 (n must be below 2^(16 r))"
        case .macMismatch: "wrong passphrase (or a damaged keystore)"
        case .invalidKey(let error): "the keystore holds no key: \(error)"
        case .addressMismatch(let stated, let found): "the keystore states \(stated) but holds the key of \(found)"
        case .libraryFailure(let function): "libcrypto failed in \(function)"
        }
    }
}
