// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The node that a CVM runs on.
public struct CvmNode: CloudSchema, Hashable {
    /// The number of the node.
    public let id: Int
    /// The name to show.
    public let name: String
    /// Where it stands.
    public let regionIdentifier: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        id = try cursor["id"].required()
        name = try cursor["name"].required()
        regionIdentifier = try cursor["region_identifier"].optional()
    }
}
