// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM after a change of its visibility, in the form of the route that the service has.
public enum CvmVisibilityResult<Version: APIVersion>: CloudSchema {
    /// The CVM (`PATCH /cvms/{id}/visibility`).
    case details(Version.CvmDetail)

    /// The virtual machine (`PATCH /cvms/{id}/listed`).
    case machine(VM)

    /// Reads either; only the virtual machine does not say whether it is listed.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self =
            cursor["listed"].isAbsent && !cursor["created_at"].isMissing
            ? .machine(try VM(decoding: cursor)) : .details(try Version.CvmDetail(decoding: cursor))
    }
}

extension CvmVisibilityResult: Equatable where Version.CvmDetail: Equatable {}
extension CvmVisibilityResult: Hashable where Version.CvmDetail: Hashable {}
