// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What a commit token stands for (`GET /cvms/{id}/commit-update?token=`).
///
/// The documents promise an object; what it usually holds is optional here.
public struct CommitTokenInfo: CloudSchema, Hashable {
    /// The hash that the token is bound to, 64 hex digits with or without `0x`.
    public let composeHash: String?
    /// The app, 40 hex digits with or without a prefix.
    public let appID: String?
    /// The CVM.
    public let cvmID: CloudID?
    /// The name of the CVM.
    public let name: String?
    /// The device, hex digits with or without `0x`.
    public let deviceID: String?
    /// The KMS.
    public let kmsInfo: KmsInfoLegacy?
    /// Until when the token is good, RFC 3339.
    public let expiresAt: String?
    /// What the service believes about the contract.
    public let onchainStatus: OnchainStatus?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        composeHash = try cursor["compose_hash"].optional()
        appID = try cursor["app_id"].optional()
        cvmID = try cursor["cvm_id"].optional()
        name = try cursor["name"].optional()
        deviceID = try cursor["device_id"].optional()
        kmsInfo = try cursor["kms_info"].optional()
        expiresAt = try cursor["expires_at"].optional()
        onchainStatus = try cursor["onchain_status"].optional()
    }
}
