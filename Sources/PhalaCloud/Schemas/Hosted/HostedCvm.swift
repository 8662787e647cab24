// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM in the plain list (`GET /cvms`, whatever the version).
public struct HostedCvm: CloudSchema, Hashable {
    /// The virtual machine as its node sees it.
    public let hosted: VmInfo
    /// The name, unique or not.
    public let name: String
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// The public URLs.
    public let publicURLs: [CvmNetworkUrls]
    /// Who owns it.
    public let managedUser: ManagedUser?
    /// The node that it runs on.
    public let node: CvmNode?
    /// Whether it is listed publicly; `false` when it is not said.
    public let listed: Bool
    /// Whether an operation runs on it; `false` when it is not said.
    public let inProgress: Bool
    /// The URL of its dashboard; shown, never fetched.
    public let dappDashboardURL: String?
    /// Where its system log goes.
    public let syslogEndpoint: String?
    /// Whether its operating system may be upgraded; `false` when it is not said.
    public let allowUpgrade: Bool
    /// The hashed id of its project, `prj_` and more.
    public let projectID: String?
    /// How its project is provisioned; an open list.
    public let projectType: String?
    /// How often it is paid for.
    public let billingPeriod: BillingPeriod?
    /// The KMS that holds its keys.
    public let kmsInfo: KmsInfoLegacy?
    /// The contract of the app, 40 hex digits.
    public let contractAddress: String?
    /// Who deployed the contract of the app, 40 hex digits.
    public let deployerAddress: String?
    /// Virtual CPUs.
    public let vcpu: Int?
    /// Memory in MB.
    public let memory: Int?
    /// Disk in GB.
    public let diskSize: Int?
    /// The domain under which its endpoints are.
    public let gatewayDomain: String?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        hosted = try cursor["hosted"].required()
        name = try cursor["name"].required()
        status = try cursor["status"].required()
        publicURLs = try cursor["public_urls"].required()
        managedUser = try cursor["managed_user"].optional()
        node = try cursor["node"].optional()
        listed = try cursor["listed"].ifPresent() ?? false
        inProgress = try cursor["in_progress"].ifPresent() ?? false
        dappDashboardURL = try cursor["dapp_dashboard_url"].optional()
        syslogEndpoint = try cursor["syslog_endpoint"].optional()
        allowUpgrade = try cursor["allow_upgrade"].ifPresent() ?? false
        projectID = try cursor["project_id"].optional()
        projectType = try cursor["project_type"].optional()
        billingPeriod = try cursor["billing_period"].optional()
        kmsInfo = try cursor["kms_info"].optional()
        contractAddress = try cursor["contract_address"].optional()
        deployerAddress = try cursor["deployer_address"].optional()
        vcpu = try cursor["vcpu"].optional()
        memory = try cursor["memory"].optional()
        diskSize = try cursor["disk_size"].optional()
        gatewayDomain = try cursor["gateway_domain"].optional()
    }
}
