// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What an app runs and how, as ``VmConfiguration`` shows it.
///
/// Fields that the answer leaves out are `nil`, never their defaults: the two are different objects with different
/// hashes. Nothing is hashed from here.
public struct AppCompose: CloudSchema, Hashable {
    /// The name of the app.
    public let name: String
    /// The names of the environment variables that may be set.
    public let allowedEnvs: [String]?
    /// The script that runs, with the runner `bash`.
    public let bashScript: String?
    /// The domain of the gateway.
    public let defaultGatewayDomain: String?
    /// The Docker Compose YAML, with the runner `docker-compose`.
    public let dockerComposeFile: String?
    /// The script that runs before anything else.
    public let initScript: String?
    /// Whether its keys come from a KMS.
    public let kmsEnabled: Bool?
    /// Whether its keys come from a key provider beside the node.
    public let localKeyProviderEnabled: Bool?
    /// The version of this form.
    public let manifestVersion: Int?
    /// Whether it has no instance id.
    public let noInstanceID: Bool?
    /// The script that runs before the containers start.
    public let preLaunchScript: String?
    /// Whether anybody may read the container logs.
    public let publicLogs: Bool?
    /// Whether anybody may read the system information.
    public let publicSysinfo: Bool?
    /// Whether anybody may read the attestation information.
    public let publicTcbinfo: Bool?
    /// `docker-compose` or `bash`; an open list.
    public let runner: String?
    /// Whether it is reached through the gateway.
    public let gatewayEnabled: Bool?
    /// What it asks of the node: `kms`, `tproxy-net`, …; an open list.
    public let features: [String]?
    /// What makes the hash differ from that of an equal app.
    public let salt: String?
    /// Whether its clock is set securely.
    public let secureTime: Bool?
    /// The file system of its disk.
    public let storageFs: String?
    /// The older name of ``gatewayEnabled``.
    public let tproxyEnabled: Bool?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        name = try cursor["name"].required()
        allowedEnvs = try cursor["allowed_envs"].ifPresent()
        bashScript = try cursor["bash_script"].optional()
        defaultGatewayDomain = try cursor["default_gateway_domain"].optional()
        dockerComposeFile = try cursor["docker_compose_file"].optional()
        initScript = try cursor["init_script"].optional()
        kmsEnabled = try cursor["kms_enabled"].ifPresent()
        localKeyProviderEnabled = try cursor["local_key_provider_enabled"].ifPresent()
        manifestVersion = try cursor["manifest_version"].ifPresent()
        noInstanceID = try cursor["no_instance_id"].ifPresent()
        preLaunchScript = try cursor["pre_launch_script"].optional()
        publicLogs = try cursor["public_logs"].ifPresent()
        publicSysinfo = try cursor["public_sysinfo"].ifPresent()
        publicTcbinfo = try cursor["public_tcbinfo"].ifPresent()
        runner = try cursor["runner"].ifPresent()
        gatewayEnabled = try cursor["gateway_enabled"].ifPresent()
        features = try cursor["features"].ifPresent()
        salt = try cursor["salt"].optional()
        secureTime = try cursor["secure_time"].ifPresent()
        storageFs = try cursor["storage_fs"].optional()
        tproxyEnabled = try cursor["tproxy_enabled"].ifPresent()
    }
}
