// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import StrictJSON

/// One CVM (`GET /cvms/{id}`, version 2025-10-28).
public struct CvmDetailV20251028: CloudSchema, Hashable {
    /// The number in the database of the service.
    public let id: Int
    /// The name, unique or not.
    public let name: String
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// Whether an operation runs on it.
    public let inProgress: Bool
    /// The number of the node.
    public let teepodID: Int?
    /// The node that it runs on.
    public let teepod: CvmNode?
    /// The app, 40 hex digits; for a KMS on chain the address of its contract.
    public let appID: String
    /// The UUID of the virtual machine.
    public let vmUUID: String?
    /// The instance, 40 hex digits.
    public let instanceID: String?
    /// Virtual CPUs.
    public let vcpu: JSONNumber
    /// Memory in MB.
    public let memory: JSONNumber
    /// Disk in GB.
    public let diskSize: JSONNumber
    /// The operating system image.
    public let baseImage: String?
    /// The X25519 key that the environment is encrypted for, 64 hex digits.
    public let encryptedEnvPubkey: String?
    /// Whether it is listed publicly.
    public let listed: Bool
    /// The named size.
    public let instanceType: String?
    /// Whether anybody may read the system information.
    public let publicSysinfo: Bool
    /// Whether anybody may read the container logs.
    public let publicLogs: Bool
    /// The KMS that holds its keys.
    public let kmsInfo: KmsInfoLegacy?
    /// The public URLs.
    public let publicURLs: [CvmNetworkUrls]
    /// The domain under which its endpoints are.
    public let gatewayDomain: String?
    /// What the machine has.
    public let machineInfo: MachineInfo?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        status = try cursor["status"].required()
        inProgress = try cursor["in_progress"].required()
        teepodID = try cursor["teepod_id"].optional()
        teepod = try cursor["teepod"].optional()
        appID = try cursor["app_id"].required()
        vmUUID = try cursor["vm_uuid"].optional()
        instanceID = try cursor["instance_id"].optional()
        vcpu = try cursor["vcpu"].required()
        memory = try cursor["memory"].required()
        diskSize = try cursor["disk_size"].required()
        baseImage = try cursor["base_image"].optional()
        encryptedEnvPubkey = try cursor["encrypted_env_pubkey"].optional()
        listed = try cursor["listed"].required()
        instanceType = try cursor["instance_type"].optional()
        publicSysinfo = try cursor["public_sysinfo"].required()
        publicLogs = try cursor["public_logs"].required()
        kmsInfo = try cursor["kms_info"].optional()
        publicURLs = try cursor["public_urls"].required()
        gatewayDomain = try cursor["gateway_domain"].optional()
        machineInfo = try cursor["machine_info"].optional()
    }
}

extension CvmDetailV20251028 {
    /// The contract of the app; `nil` when ``appID`` is no address.
    public var appAddress: Address? { AppIdentifier.address(spelled: appID) }
}
