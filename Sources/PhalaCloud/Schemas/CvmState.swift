// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The state of a CVM at this moment (`GET /cvms/{id}/state`).
///
/// The documents promise an object; of its fields only the status is relied on.
public struct CvmState: CloudSchema, Hashable {
    /// `running`, `stopped`, …; an open list.
    public let status: String

    /// Whether an operation runs, where the service says so.
    public let inProgress: Bool?

    /// The whole answer as it came.
    public let json: JSONObject

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        status = try cursor["status"].required()
        inProgress = try cursor["in_progress"].optional()
    }
}
