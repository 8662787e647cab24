// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The answer to a committed compose file, status 202; the service may send none.
public struct CommitCvmComposeFileUpdate: CloudSchema, Hashable {
    /// By what the update is followed.
    public let correlationID: String?
    /// How it stands; an open list.
    public let status: String?
    /// The words of the service.
    public let message: String?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        correlationID = try cursor["correlation_id"].optional()
        status = try cursor["status"].optional()
        message = try cursor["message"].optional()
    }

    /// The answer when the service sends no body.
    public static let withoutBody = CommitCvmComposeFileUpdate()

    private init() {
        correlationID = nil
        status = nil
        message = nil
        json = JSONObject()
    }
}
