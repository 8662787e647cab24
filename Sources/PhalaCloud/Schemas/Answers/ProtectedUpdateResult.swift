// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What became of an update that may have to wait for a hash on chain.
public enum ProtectedUpdateResult: Sendable, Hashable {
    /// The update runs; follow it by the id.
    case inProgress(message: String?, correlationID: String)

    /// The CVM is already as it should be; nothing runs.
    case noChange(message: String?)

    /// The hash has to be registered on chain first. Nothing has changed on the CVM.
    case preconditionRequired(HashRequirement)
}

extension ProtectedUpdateResult: CloudSchema {
    /// Reads an answer of status 202: what its `status` says.
    ///
    /// A demand is mostly an answer of status 465; one that comes as a success is read here. Any other word than
    /// `precondition_required` and `no_change` means that the update runs, and then it must say by which id.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        let status = try cursor["status"].optional(String.self)
        if status == "precondition_required" {
            self = .preconditionRequired(try HashRequirement(union: cursor))
            return
        }
        let message = try cursor["message"].optional(String.self).map { PrintableText.cleaned($0) }
        if status == "no_change", cursor["correlation_id"].isMissing {
            self = .noChange(message: message)
        } else {
            self = .inProgress(message: message, correlationID: try cursor["correlation_id"].required())
        }
    }
}
