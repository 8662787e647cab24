// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What became of a PATCH.
public enum PatchCvmResult: Sendable, Hashable {
    /// The update runs; follow it by the id, if the service names one.
    case accepted(correlationID: String?)

    /// The CVM is already as the patch wants it; nothing runs.
    case noChange

    /// The hash has to be registered on chain first. Nothing has changed on the CVM.
    case requiresOnChainHash(HashRequirement)
}

extension PatchCvmResult: CloudSchema {
    /// Reads an answer of status 202.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        let status = try cursor["status"].optional(String.self)
        let correlationID = try cursor["correlation_id"].optional(String.self)
        self = status == "no_change" && correlationID == nil ? .noChange : .accepted(correlationID: correlationID)
    }
}

/// The answer to a confirmed patch, status 202.
public struct ConfirmCvmPatchResult: CloudSchema, Hashable {
    /// By what the update is followed.
    public let correlationID: String?

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        correlationID = try cursor["correlation_id"].optional()
    }
}

/// The answer to a commit by token, status 202.
public struct CommitCvmUpdateResult: CloudSchema, Hashable {
    /// By what the update is followed.
    public let correlationID: String?

    /// How it stands; an open list.
    public let status: String?

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        correlationID = try cursor["correlation_id"].optional()
        status = try cursor["status"].optional()
    }
}
