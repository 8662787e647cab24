// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud

/// The key for an app's environment, and who stands for it.
public struct VerifiedEnvKey: Sendable, Hashable {
    /// What the signer was compared with.
    public enum Trust: String, Sendable, Hashable {
        /// The KMS contract's `kmsInfo()`.
        case contract
        /// The signer that the store knows since an earlier time.
        case pin
        /// The signer that the operator names now.
        case named
        /// Nothing: the signature is well-formed, and by whom it is was not compared.
        case none
    }

    /// What the service said.
    public let answer: AppEnvPublicKey

    /// The X25519 key, 32 bytes.
    public let publicKey: Bytes32

    /// Who signed it.
    public let signer: PublicKey

    /// Unix time in seconds that was signed too; `nil` for the variant without.
    public let timestamp: UInt64?

    /// What the signer was compared with.
    public let trust: Trust

    /// The KMS's id.
    public let kmsID: String

    /// What the store should keep from now on (``KmsPinStore/keep(_:)``); `nil` when it knows already.
    public let newPin: KmsPin?
}
