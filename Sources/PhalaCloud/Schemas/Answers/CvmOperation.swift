// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

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
    /// How long it took, in milliseconds.
    public let durationMilliseconds: Int?
    /// `completed`, `in_progress` or `failed`; an open list.
    public let status: String
    /// Why it failed.
    public let errorMessage: String?
    /// The compose hash that it concerns, 64 hex digits with or without `0x`.
    public let composeHash: String?
    /// The id of who started it.
    public let triggeredBy: CloudID?
    /// The name of who started it.
    public let triggeredByUsername: String?
    /// The mail address of who started it.
    public let triggeredByEmail: String?
    /// The name of the CVM at that time.
    public let instanceName: String?
    /// What it consists of, in order; an open list.
    public let subOperations: [String]?
    /// What happened in it, in order of time.
    public let events: [Event]?

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
        durationMilliseconds = try cursor["duration_ms"].optional()
        status = try cursor["status"].required()
        errorMessage = try cursor["error_message"].optional()
        composeHash = try cursor["compose_hash"].optional()
        triggeredBy = try cursor["triggered_by"].optional()
        triggeredByUsername = try cursor["triggered_by_username"].optional()
        triggeredByEmail = try cursor["triggered_by_email"].optional()
        instanceName = try cursor["instance_name"].optional()
        subOperations = try cursor["sub_operations"].optional()
        events = try cursor["events"].optional()
    }

    /// One thing that happened in an operation.
    public struct Event: CloudSchema, Hashable {
        /// What happened, such as `instance.power_on.start`; an open list.
        public let eventType: String
        /// When, RFC 3339.
        public let timestamp: String
        /// The status of the CVM then.
        public let state: String

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            eventType = try cursor["event_type"].required()
            timestamp = try cursor["timestamp"].required()
            state = try cursor["state"].required()
        }
    }
}
