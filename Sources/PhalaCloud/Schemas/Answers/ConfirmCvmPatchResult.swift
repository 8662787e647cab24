// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The answer to a confirmed patch, status 202.
public struct ConfirmCvmPatchResult: CloudSchema, Hashable {
    /// By what the update is followed.
    public let correlationID: String

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        correlationID = try cursor["correlation_id"].required()
    }
}
