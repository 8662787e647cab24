// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

extension ProtectedUpdateResult {
    /// Sorts an answer; the demand to register a hash (HTTP 465) is a result.
    init(_ answer: CloudAnswer) throws(CloudError) {
        if answer.response.status == 465 {
            self = .preconditionRequired(try answer.hashRequirement())
        } else {
            self = try answer.value()
        }
    }
}
