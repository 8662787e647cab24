// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import PhalaCloud
public import StrictJSON

/// The hash that the cloud names: in its demand for a registration (HTTP 465), or as the answer to provisioning.
public struct Preparation: Sendable, Hashable {
    /// The hash; the one value that is verified, signed, looked for in the receipt and committed.
    public let composeHash: ComposeHash

    /// The hash as the service spelled it; sent back in the same spelling.
    public let spelledHash: String

    /// The app that the service names.
    public let app: Address

    /// The device that the service names, hex as spelled.
    public let deviceID: String?

    /// The chain that the service names here.
    public let chainID: UInt64?

    /// The KMS contract that the service names here.
    public let kms: Address?

    /// One-time credential of the commit, when the update was prepared for somebody else's signature.
    public let commitToken: String?

    /// A page for the approver, shown and never fetched.
    public let commitURL: String?

    /// What the service believes about the contract, as it was answered; shown only.
    public let onchainStatus: JSONObject?

    /// Describes what the cloud named.
    public init(
        composeHash: ComposeHash, spelledHash: String, app: Address, deviceID: String? = nil, chainID: UInt64? = nil,
        kms: Address? = nil, commitToken: String? = nil, commitURL: String? = nil,
        onchainStatus: JSONObject? = nil
    ) {
        self.composeHash = composeHash
        self.spelledHash = spelledHash
        self.app = app
        self.deviceID = deviceID
        self.chainID = chainID
        self.kms = kms
        self.commitToken = commitToken
        self.commitURL = commitURL
        self.onchainStatus = onchainStatus
    }

    /// The call that registers the hash.
    public var registration: ContractCall { .app(app, .addComposeHash(composeHash.bytes32)) }

    /// The device, if the service names one in 64 hex digits.
    public var device: Bytes32? {
        guard let deviceID else { return nil }
        do { return Bytes32(bytes: try Hex.decodeBare(deviceID)) } catch { return nil }
    }

    /// The call that allows the device.
    var deviceRegistration: ContractCall? { device.map { .app(app, .addDevice($0)) } }
}

/// How the compose hash was found to be the right one.
public enum Verification: String, Sendable, Hashable {
    /// Computed here from the present object and the change.
    case recomputed
    /// Named by the operator.
    case accepted
    /// There was no hash to verify, or none to register.
    case notRequired = "not-required"
}
