// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A virtual machine as its node sees it (`hosted` of ``HostedCvm``).
public struct VmInfo: CloudSchema, Hashable {
    /// The UUID of the virtual machine.
    public let id: String
    /// The name on the node.
    public let name: String
    /// `running`, `stopped`, …; an open list.
    public let status: String
    /// For how long it has been running, in words such as `2h 5m`.
    public let uptime: String
    /// The app, 40 hex digits.
    public let appID: String
    /// The URL of the app; shown, never fetched.
    public let appURL: String?
    /// The instance, 40 hex digits.
    public let instanceID: String?
    /// How it is set up.
    public let configuration: VmConfiguration?
    /// When it ended.
    public let exitedAt: String?
    /// How far the start has come.
    public let bootProgress: String?
    /// Why the start failed.
    public let bootError: String?
    /// How far the shutdown has come.
    public let shutdownProgress: String?
    /// The version of its operating system.
    public let imageVersion: String?
    /// What it reported about itself; `nil` on nodes that do not tell.
    public let events: [GuestEvent]?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        status = try cursor["status"].required()
        uptime = try cursor["uptime"].required()
        appID = try cursor["app_id"].required()
        appURL = try cursor["app_url"].optional()
        instanceID = try cursor["instance_id"].optional()
        configuration = try cursor["configuration"].optional()
        exitedAt = try cursor["exited_at"].optional()
        bootProgress = try cursor["boot_progress"].optional()
        bootError = try cursor["boot_error"].optional()
        shutdownProgress = try cursor["shutdown_progress"].optional()
        imageVersion = try cursor["image_version"].optional()
        events = try cursor["events"].ifPresent()
    }
}
