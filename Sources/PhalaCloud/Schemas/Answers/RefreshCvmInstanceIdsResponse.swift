// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What became of new instance ids for several CVMs.
public struct RefreshCvmInstanceIdsResponse: CloudSchema, Hashable {
    /// How many CVMs were asked for.
    public let total: Int
    /// How many of them were looked at.
    public let scanned: Int
    /// How many have a new instance id.
    public let updated: Int
    /// How many have theirs still.
    public let unchanged: Int
    /// How many were left out.
    public let skipped: Int
    /// How many sources contradicted each other.
    public let conflicts: Int
    /// How many failed.
    public let errors: Int
    /// What became of each.
    public let items: [InstanceIdRefreshResult]

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        total = try cursor["total"].required()
        scanned = try cursor["scanned"].required()
        updated = try cursor["updated"].required()
        unchanged = try cursor["unchanged"].required()
        skipped = try cursor["skipped"].required()
        conflicts = try cursor["conflicts"].required()
        errors = try cursor["errors"].required()
        items = try cursor["items"].required()
    }
}
