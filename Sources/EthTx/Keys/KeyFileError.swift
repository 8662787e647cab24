// SPDX-License-Identifier: Apache-2.0

/// Why a key file gave no key.
public enum KeyFileError: Error, Sendable, Hashable {
    /// The file itself was refused or could not be read.
    case file(SecretFileError)
    /// It holds neither 64 hex digits nor a keystore, or a number that is no key.
    case key(SecretKeyError)
    /// It holds a keystore that cannot be used, or the passphrase is wrong.
    case keystore(KeystoreError)
    /// It holds a keystore, and there is no passphrase.
    case passphraseMissing
}

extension KeyFileError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .key(let error): "\(error)"
        case .keystore(let error): "\(error)"
        case .passphraseMissing: "the key file is encrypted and there is no passphrase"
        }
    }
}
