// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A virtual machine as the answers to a replica and to a change of visibility describe it
/// (`POST /apps/{app_id}/cvms/{vm_uuid}/replicas`, `PATCH /cvms/{id}/listed`).
public struct VM: CloudSchema, Hashable {
    /// The number in the database of the service.
    public let id: Int
    /// The name, unique or not.
    public let name: String
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// The number of the node.
    public let teepodID: Int
    /// The app, 40 hex digits.
    public let appID: String
    /// Virtual CPUs.
    public let vcpu: Int
    /// Memory in MB.
    public let memory: Int
    /// Disk in GB.
    public let diskSize: Int
    /// When it was created, RFC 3339.
    public let createdAt: String
    /// The node that it runs on.
    public let teepod: TeepodMeta?
    /// The number of its owner.
    public let userID: Int?
    /// The UUID of the virtual machine; none before the node has made it.
    public let vmUUID: String?
    /// The instance, 40 hex digits.
    public let instanceID: String?
    /// The URL of the app; shown, never fetched.
    public let appURL: String?
    /// The operating system image.
    public let baseImage: String?
    /// The version of the form of its app-compose object.
    public let manifestVersion: Int?
    /// The version of its app-compose object.
    public let version: String?
    /// `docker-compose` or `bash`; an open list.
    public let runner: String?
    /// The Docker Compose YAML.
    public let dockerComposeFile: String?
    /// What it asks of the node; an open list.
    public let features: [String]?
    /// The X25519 key that the environment is encrypted for, 64 hex digits.
    public let encryptedEnvPubkey: String?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        status = try cursor["status"].required()
        teepodID = try cursor["teepod_id"].required()
        appID = try cursor["app_id"].required()
        vcpu = try cursor["vcpu"].required()
        memory = try cursor["memory"].required()
        diskSize = try cursor["disk_size"].required()
        createdAt = try cursor["created_at"].required()
        teepod = try cursor["teepod"].optional()
        userID = try cursor["user_id"].optional()
        vmUUID = try cursor["vm_uuid"].optional()
        instanceID = try cursor["instance_id"].optional()
        appURL = try cursor["app_url"].optional()
        baseImage = try cursor["base_image"].optional()
        manifestVersion = try cursor["manifest_version"].optional()
        version = try cursor["version"].optional()
        runner = try cursor["runner"].optional()
        dockerComposeFile = try cursor["docker_compose_file"].optional()
        features = try cursor["features"].optional()
        encryptedEnvPubkey = try cursor["encrypted_env_pubkey"].optional()
    }
}
