// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A node, named in another object.
public struct NodeRef: CloudSchema, Hashable {
    /// Always `node`.
    public let objectType: String
    /// The id of the node's agent.
    public let id: Int?
    /// The name to show.
    public let name: String?
    /// Where it stands.
    public let region: String?
    /// The device id that contracts allow, hex digits.
    public let deviceID: String?
    /// The platform's provisioning id.
    public let ppid: String?
    /// `ONLINE`, `OFFLINE`, `MAINTENANCE`, …; an open list.
    public let status: String?
    /// The version of the node's agent.
    public let version: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        objectType = try cursor["object_type"].constant("node")
        id = try cursor["id"].optional()
        name = try cursor["name"].optional()
        region = try cursor["region"].optional()
        deviceID = try cursor["device_id"].optional()
        ppid = try cursor["ppid"].optional()
        status = try cursor["status"].optional()
        version = try cursor["version"].optional()
    }
}

/// A workspace, named in another object.
public struct WorkspaceRef: CloudSchema, Hashable {
    /// Always `workspace`.
    public let objectType: String
    /// The hashed id.
    public let id: String
    /// The name to show.
    public let name: String
    /// The name in URLs.
    public let slug: String?
    /// Where the picture is.
    public let avatarURL: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        objectType = try cursor["object_type"].constant("workspace")
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        slug = try cursor["slug"].optional()
        avatarURL = try cursor["avatar_url"].optional()
    }
}

/// A person, named in another object.
public struct UserRef: CloudSchema, Hashable {
    /// Always `user`.
    public let objectType: String
    /// The hashed id.
    public let id: String?
    /// The name to show.
    public let username: String?
    /// Where the picture is.
    public let avatarURL: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        objectType = try cursor["object_type"].constant("user")
        id = try cursor["id"].optional()
        username = try cursor["username"].optional()
        avatarURL = try cursor["avatar_url"].optional()
    }
}
