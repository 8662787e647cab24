// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

/// What became of a change that the service either answers with the CVM or takes on.
public enum CvmUpdateResult<Version: APIVersion>: Sendable {
    /// The CVM after the change (status 200).
    case details(Version.CvmDetail)

    /// The change runs (status 202); follow it by the id, if the service names one.
    case accepted(correlationID: String?)

    /// Sorts an answer by its status.
    init(_ answer: CloudAnswer) throws(CloudError) {
        if answer.response.status == 202 || answer.isAcceptedWithoutBody {
            self = .accepted(correlationID: try answer.valueOrEmpty(as: Accepted.self).correlationID)
        } else {
            self = .details(try answer.value())
        }
    }

    private struct Accepted: CloudSchema {
        let correlationID: String?

        init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            correlationID = try cursor["correlation_id"].optional()
        }
    }
}

extension CvmUpdateResult: Equatable where Version.CvmDetail: Equatable {}
extension CvmUpdateResult: Hashable where Version.CvmDetail: Hashable {}
