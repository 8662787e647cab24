// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A page of the operations that ran on a CVM, the newest first (`GET /cvms/{id}/operations`).
public struct CvmOperationsPage: CloudSchema, Hashable {
    /// The operations.
    public let items: [CvmOperation]
    /// What to ask the next page with; none on the last page.
    public let nextCursor: String?
    /// About how many there are.
    public let total: Int

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        items = try cursor["items"].required()
        nextCursor = try cursor["next_cursor"].optional()
        total = try cursor["total"].required()
    }
}

/// One operation of the service on a CVM.
public struct CvmOperation: CloudSchema, Hashable {
    /// What links all its events, and the answer that started it.
    public let correlationID: String
    /// `compose_update`, `power_on`, …; an open list.
    public let operationType: String
    /// The status that it leads to.
    public let targetState: String
    /// When it began, RFC 3339.
    public let startedAt: String
    /// When it ended, RFC 3339.
    public let completedAt: String?
    /// `completed`, `in_progress` or `failed`; an open list.
    public let status: String
    /// Why it failed.
    public let errorMessage: String?
    /// The compose hash that it concerns.
    public let composeHash: String?
    /// Who started it.
    public let triggeredByUsername: String?

    /// The whole object as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        correlationID = try cursor["correlation_id"].required()
        operationType = try cursor["operation_type"].required()
        targetState = try cursor["target_state"].required()
        startedAt = try cursor["started_at"].required()
        completedAt = try cursor["completed_at"].optional()
        status = try cursor["status"].required()
        errorMessage = try cursor["error_message"].optional()
        composeHash = try cursor["compose_hash"].optional()
        triggeredByUsername = try cursor["triggered_by_username"].optional()
    }
}
