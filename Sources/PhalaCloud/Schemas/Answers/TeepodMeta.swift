// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The node of a ``VM``.
public struct TeepodMeta: CloudSchema, Hashable {
    /// The number of the node.
    public let id: Int
    /// The name to show.
    public let name: String

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
    }
}
