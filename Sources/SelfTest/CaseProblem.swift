// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Why a case did not pass.
enum CaseProblem: Error {
    /// The program is wrong, or the case is.
    case failed(String)
    /// The program does not do what the case asks for.
    case unsupported(String)

    /// A failure by any error of the libraries under test.
    static func failed(_ what: String, _ error: any Error) -> CaseProblem {
        .failed("\(what): \(error)")
    }

    /// A case that does not have the form of its family.
    static func malformed(_ error: JSONShapeError) -> CaseProblem {
        .failed("malformed case: \(error)")
    }
}
