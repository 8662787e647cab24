// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import StrictJSON

/// A CVM as lists show it (version 2026-01-21).
public struct CvmInfoV20260121: CloudSchema, Hashable {
    /// The hashed id.
    public let id: String
    /// The name, unique or not.
    public let name: String
    /// The app, 40 hex digits; for a KMS on chain the address of its contract.
    public let appID: String?
    /// The UUID of the virtual machine.
    public let vmUUID: String?
    /// The instance, 40 hex digits.
    public let instanceID: String?
    /// CPUs, memory, disk, price.
    public let resource: CvmResourceInfoV20260121
    /// The node that it runs on.
    public let nodeInfo: NodeRef?
    /// The operating system.
    public let os: CvmOsInfoV20260121?
    /// The kind of KMS.
    public let kmsType: KmsType?
    /// The contracts and the chain of the KMS.
    public let kmsInfo: CvmKmsInfoV20260121?
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// The operation that runs on it.
    public let progress: CvmProgressInfoV20260121?
    /// The hash of the app-compose object that it runs, 64 hex digits with or without `0x`.
    public let composeHash: String?
    /// Where it is reached.
    public let gateway: CvmGatewayInfoV20260121
    /// The services, as they come.
    public let services: [JSONObject]
    /// The public URLs.
    public let endpoints: [CvmNetworkUrls]?
    /// Whether anybody may read the container logs.
    public let publicLogs: Bool?
    /// Whether anybody may read the system information.
    public let publicSysinfo: Bool?
    /// Whether anybody may read the attestation information.
    public let publicTcbinfo: Bool?
    /// Whether it is reached through the gateway.
    public let gatewayEnabled: Bool?
    /// Whether its clock is set securely.
    public let secureTime: Bool?
    /// Whether it is listed publicly.
    public let listed: Bool
    /// The file system of its disk.
    public let storageFs: String?
    /// The workspace it belongs to.
    public let workspace: WorkspaceRef?
    /// Who created it.
    public let creator: UserRef?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        appID = try cursor["app_id"].optional()
        vmUUID = try cursor["vm_uuid"].optional()
        instanceID = try cursor["instance_id"].optional()
        resource = try cursor["resource"].required()
        nodeInfo = try cursor["node_info"].optional()
        os = try cursor["os"].optional()
        kmsType = try cursor["kms_type"].optional()
        kmsInfo = try cursor["kms_info"].optional()
        status = try cursor["status"].required()
        progress = try cursor["progress"].optional()
        composeHash = try cursor["compose_hash"].optional()
        gateway = try cursor["gateway"].required()
        services = try cursor["services"].required()
        endpoints = try cursor["endpoints"].optional()
        publicLogs = try cursor["public_logs"].ifPresent()
        publicSysinfo = try cursor["public_sysinfo"].ifPresent()
        publicTcbinfo = try cursor["public_tcbinfo"].ifPresent()
        gatewayEnabled = try cursor["gateway_enabled"].ifPresent()
        secureTime = try cursor["secure_time"].ifPresent()
        listed = try cursor["listed"].required()
        storageFs = try cursor["storage_fs"].ifPresent()
        workspace = try cursor["workspace"].optional()
        creator = try cursor["creator"].optional()
    }
}

extension CvmInfoV20260121 {
    /// The contract of the app; `nil` when ``appID`` is missing or no address.
    public var appAddress: Address? { appID.flatMap(AppIdentifier.address(spelled:)) }

    /// Whether an operation runs on the CVM: the field `in_progress` of the live service, which the documents of the
    /// version lack, or else that ``progress`` says anything.
    public var isBusy: Bool {
        json["in_progress"]?.bool ?? (progress?.target != nil || progress?.correlationID != nil)
    }
}
