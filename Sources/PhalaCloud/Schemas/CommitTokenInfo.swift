// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What a commit token stands for (`GET /cvms/{id}/commit-update?token=`).
///
/// The documents promise an object; what it usually holds is optional here.
public struct CommitTokenInfo: CloudSchema, Hashable {
    /// The hash that the token is bound to.
    public let composeHash: String?
    /// The app.
    public let appID: String?
    /// The whole answer as it came.
    public let json: JSONObject

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        composeHash = try cursor["compose_hash"].optional()
        appID = try cursor["app_id"].optional()
    }
}
