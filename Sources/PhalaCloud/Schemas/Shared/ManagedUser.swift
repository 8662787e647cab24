// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The owner of a CVM.
public struct ManagedUser: CloudSchema, Hashable {
    /// The number in the database of the service.
    public let id: Int
    /// The name to log in with.
    public let username: String

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        id = try cursor["id"].required()
        username = try cursor["username"].required()
    }
}
