// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The answer to a commit by token, status 202.
public struct CommitCvmUpdateResult: CloudSchema, Hashable {
    /// By what the update is followed.
    public let correlationID: String
    /// How it stands; an open list.
    public let status: String

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        correlationID = try cursor["correlation_id"].required()
        status = try cursor["status"].required()
    }
}
