// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// How a virtual machine is set up on its node.
public struct VmConfiguration: CloudSchema, Hashable {
    /// The name on the node.
    public let name: String
    /// The operating system image.
    public let image: String
    /// Virtual CPUs.
    public let vcpu: Int
    /// Memory in MB.
    public let memory: Int
    /// Disk in GB.
    public let diskSize: Int
    /// What it runs.
    ///
    /// For show only: what is hashed is the answer of `GET /cvms/{id}/compose_file`.
    public let composeFile: AppCompose?
    /// The ports of the node that lead to it.
    public let ports: [PortMapping]?
    /// The encrypted environment, hex digits.
    public let encryptedEnv: String?
    /// The app, 40 hex digits.
    public let appID: String?
    /// The configuration text of its owner.
    public let userConfig: String?
    /// Whether its memory is in huge pages; `false` when it is not said.
    public let hugepages: Bool
    /// Whether it is pinned to a NUMA node; `false` when it is not said.
    public let pinNuma: Bool
    /// Its GPUs.
    public let gpus: GpuConfig?
    /// The URLs of its KMS; shown, never fetched.
    public let kmsURLs: [String]
    /// The URLs of its gateway; shown, never fetched.
    public let gatewayURLs: [String]

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        name = try cursor["name"].required()
        image = try cursor["image"].required()
        vcpu = try cursor["vcpu"].required()
        memory = try cursor["memory"].required()
        diskSize = try cursor["disk_size"].required()
        composeFile = try cursor["compose_file"].optional()
        ports = try cursor["ports"].optional()
        encryptedEnv = try cursor["encrypted_env"].optional()
        appID = try cursor["app_id"].optional()
        userConfig = try cursor["user_config"].optional()
        hugepages = try cursor["hugepages"].ifPresent() ?? false
        pinNuma = try cursor["pin_numa"].ifPresent() ?? false
        gpus = try cursor["gpus"].optional()
        kmsURLs = try cursor["kms_urls"].ifPresent() ?? []
        gatewayURLs = try cursor["gateway_urls"].ifPresent() ?? []
    }
}
