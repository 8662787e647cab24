// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Who signs for a KMS, as this store once came to believe.
public struct KmsPin: Sendable, Hashable {
    /// Base URL of the cloud's API that names the KMS.
    public let apiURL: String

    /// The KMS's id there.
    public let kmsID: String

    /// The key that the KMS signs with.
    public let signer: PublicKey

    /// Why it was believed.
    public let source: Source

    /// When.
    public let at: Timestamp

    /// Why a signer was believed.
    public enum Source: Sendable, Hashable {
        /// The operator named it.
        case named
        /// The contract of the KMS held it; its owner may replace the key there.
        case contract(Address, chainID: UInt64)
    }

    /// Describes a pin.
    public init(apiURL: String, kmsID: String, signer: PublicKey, source: Source, at: Timestamp) {
        self.apiURL = apiURL
        self.kmsID = kmsID
        self.signer = signer
        self.source = source
        self.at = at
    }
}

/// Where pins live between processes; each call is one database transaction.
public protocol KmsPinStore: Sendable {
    /// The pin of a KMS; `nil` when it was never seen.
    func kmsPin(apiURL: String, kmsID: String) async throws(StoreError) -> KmsPin?

    /// Keeps a pin unless there is one already that it must not replace: a signer that the operator named is never
    /// replaced, one of a contract only by the same contract's.
    ///
    /// - Returns: the pin in force.
    func keep(_ pin: KmsPin) async throws(StoreError) -> KmsPin

    /// Forgets the pin of a KMS.
    ///
    /// - Returns: whether there was one.
    func forget(apiURL: String, kmsID: String) async throws(StoreError) -> Bool
}

extension KmsPin {
    /// Whether this pin may take the place of an older one of the same KMS.
    func mayReplace(_ older: KmsPin) -> Bool {
        switch older.source {
        case .named: false
        case .contract: source == older.source
        }
    }
}
