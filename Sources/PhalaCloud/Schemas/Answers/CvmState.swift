// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The state of a CVM at this moment (`GET /cvms/{id}/state`).
///
/// The documents promise an object; of its fields only the status is relied on.
public struct CvmState: CloudSchema, Hashable {
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// Whether an operation runs, where the service says so.
    public let inProgress: Bool?
    /// The id.
    public let id: CloudID?
    /// The name, unique or not.
    public let name: String?
    /// The UUID of the virtual machine.
    public let vmUUID: String?
    /// The instance, 40 hex digits.
    public let instanceID: String?
    /// The operation that runs on it.
    public let progress: CvmProgressInfoV20260121?
    /// The hash of the app-compose object that it runs, 64 hex digits with or without `0x`.
    public let composeHash: String?
    /// For how long it has been running, in words such as `2h 5m`.
    public let uptime: String?
    /// When it ended.
    public let exitedAt: String?
    /// How far the start has come.
    public let bootProgress: String?
    /// Why the start failed.
    public let bootError: String?
    /// How far the shutdown has come.
    public let shutdownProgress: String?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        status = try cursor["status"].required()
        inProgress = try cursor["in_progress"].optional()
        id = try cursor["id"].optional()
        name = try cursor["name"].optional()
        vmUUID = try cursor["vm_uuid"].optional()
        instanceID = try cursor["instance_id"].optional()
        progress = try cursor["progress"].optional()
        composeHash = try cursor["compose_hash"].optional()
        uptime = try cursor["uptime"].optional()
        exitedAt = try cursor["exited_at"].optional()
        bootProgress = try cursor["boot_progress"].optional()
        bootError = try cursor["boot_error"].optional()
        shutdownProgress = try cursor["shutdown_progress"].optional()
    }
}
