// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The operation that runs on a CVM at this moment (`GET /cvms/{id}/operation-status`).
///
/// The documents promise an object and the word `idle` when nothing runs; the rest is optional here.
public struct CvmOperationStatus: CloudSchema, Hashable {
    /// `idle`, `in_progress`, …; an open list.
    public let status: String?
    /// Whether an operation runs.
    public let inProgress: Bool?
    /// By what the operation is followed.
    public let correlationID: String?
    /// `compose_update`, `power_on`, …; an open list.
    public let operationType: String?
    /// The status that it leads to.
    public let targetState: String?
    /// When it began, RFC 3339.
    public let startedAt: String?
    /// How the task of the service stands that carries it out; an open list.
    public let taskStatus: String?

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        status = try cursor["status"].optional()
        inProgress = try cursor["in_progress"].optional()
        correlationID = try cursor["correlation_id"].optional()
        operationType = try cursor["operation_type"].optional()
        targetState = try cursor["target_state"].optional()
        startedAt = try cursor["started_at"].optional()
        taskStatus = try cursor["task_status"].optional()
    }
}
