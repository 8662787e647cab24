// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM as lists show it (version 2025-10-28).
public struct CvmInfoV20251028: CloudSchema, Hashable {
    /// The virtual machine as its node sees it.
    public let hosted: HostedVmV20251028
    /// The name, unique or not.
    public let name: String
    /// Who owns it.
    public let managedUser: ManagedUser?
    /// The node that it runs on.
    public let node: CvmNode?
    /// Whether it is listed publicly.
    public let listed: Bool
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// Whether an operation runs on it.
    public let inProgress: Bool
    /// The URL of its dashboard; shown, never fetched.
    public let dappDashboardURL: String?
    /// Where its system log goes.
    public let syslogEndpoint: String?
    /// Whether its operating system may be upgraded.
    public let allowUpgrade: Bool
    /// The hashed id of its project.
    public let projectID: String?
    /// How its project is provisioned; an open list.
    public let projectType: String?
    /// How often it is paid for.
    public let billingPeriod: BillingPeriod?
    /// The KMS that holds its keys.
    public let kmsInfo: KmsInfoLegacy?
    /// Virtual CPUs.
    public let vcpu: JSONNumber?
    /// Memory in MB.
    public let memory: JSONNumber?
    /// Disk in GB.
    public let diskSize: JSONNumber?
    /// The domain under which its endpoints are.
    public let gatewayDomain: String?
    /// The public URLs.
    public let publicURLs: [CvmNetworkUrls]
    /// What the machine has.
    public let machineInfo: MachineInfo?
    /// When it was last changed, RFC 3339.
    public let updatedAt: String?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        hosted = try cursor["hosted"].required()
        name = try cursor["name"].required()
        managedUser = try cursor["managed_user"].optional()
        node = try cursor["node"].optional()
        listed = try cursor["listed"].required()
        status = try cursor["status"].required()
        inProgress = try cursor["in_progress"].required()
        dappDashboardURL = try cursor["dapp_dashboard_url"].optional()
        syslogEndpoint = try cursor["syslog_endpoint"].optional()
        allowUpgrade = try cursor["allow_upgrade"].required()
        projectID = try cursor["project_id"].optional()
        projectType = try cursor["project_type"].optional()
        billingPeriod = try cursor["billing_period"].optional()
        kmsInfo = try cursor["kms_info"].optional()
        vcpu = try cursor["vcpu"].optional()
        memory = try cursor["memory"].optional()
        diskSize = try cursor["disk_size"].optional()
        gatewayDomain = try cursor["gateway_domain"].optional()
        publicURLs = try cursor["public_urls"].required()
        machineInfo = try cursor["machine_info"].optional()
        updatedAt = try cursor["updated_at"].optional()
    }
}
