// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import StrictJSON

/// What the service made of a new compose file (`POST /cvms/{id}/compose_file/provision`).
public struct ProvisionCvmComposeFileUpdateResult: CloudSchema, Hashable {
    /// The app as the service spells it, hex digits with or without a prefix.
    public let appID: String
    /// The device, hex digits with or without `0x`.
    public let deviceID: String?
    /// The hash as the service spells it; it goes back in this spelling.
    public let composeHash: String
    /// The hash.
    public let hash: ComposeHash
    /// The KMS.
    public let kmsInfo: KmsInfoLegacy?
    /// Whether the service believes the hash registered; `false` when it is not said.
    public let composeHashRegistered: Bool

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        appID = try cursor["app_id"].required()
        deviceID = try cursor["device_id"].optional()
        composeHash = try cursor["compose_hash"].required()
        do { hash = try ComposeHash(spelled: composeHash) } catch {
            throw cursor["compose_hash"].mismatch("64 hex digits")
        }
        kmsInfo = try cursor["kms_info"].optional()
        composeHashRegistered = try cursor["compose_hash_registered"].ifPresent() ?? false
    }

    /// The contract of the app; `nil` when the spelling is no address.
    public var appAddress: Address? { AppIdentifier.address(spelled: appID) }
}
