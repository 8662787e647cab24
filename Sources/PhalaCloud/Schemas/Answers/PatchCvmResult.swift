// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What became of a PATCH.
public enum PatchCvmResult: Sendable, Hashable {
    /// The update runs; follow it by the id.
    case accepted(correlationID: String)

    /// The CVM is already as the patch wants it; nothing runs.
    case noChange

    /// The hash has to be registered on chain first. Nothing has changed on the CVM.
    case requiresOnChainHash(HashRequirement)
}

extension PatchCvmResult: CloudSchema {
    /// Reads an answer of status 202: an id to follow the update by, or the status `no_change` without one.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        if cursor["correlation_id"].isMissing, try cursor["status"].optional(String.self) == "no_change" {
            self = .noChange
        } else {
            self = .accepted(correlationID: try cursor["correlation_id"].required())
        }
    }
}
