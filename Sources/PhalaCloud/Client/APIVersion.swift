// SPDX-License-Identifier: Apache-2.0

/// A version of the API: what is sent as `X-Phala-Version`, and the types that it answers with.
///
/// A client of a version returns that version's types; ``PhalaCloudClient/withVersion(_:)`` changes from one to another.
public protocol APIVersion: Sendable {
    /// The value of `X-Phala-Version`, such as `2026-01-21`.
    static var header: String { get }

    /// Who calls (`GET /auth/me`).
    associatedtype CurrentUser: CloudSchema

    /// A CVM in a list.
    associatedtype CvmInfo: CloudSchema

    /// One CVM (`GET /cvms/{id}`).
    associatedtype CvmDetail: CloudSchema

    /// A page of CVMs (`GET /cvms/paginated`).
    associatedtype CvmPage: CloudPage where CvmPage.Item == CvmInfo
}

/// The present version, 2026-01-21.
public enum V20260121: APIVersion {
    /// `2026-01-21`.
    public static var header: String { "2026-01-21" }

    /// User, workspace and credits apart.
    public typealias CurrentUser = CurrentUserV20260121

    /// A CVM in a list.
    public typealias CvmInfo = CvmInfoV20260121

    /// A CVM with its compose file.
    public typealias CvmDetail = CvmInfoDetailV20260121

    /// A page of CVMs.
    public typealias CvmPage = PaginatedCvmInfosV20260121
}

/// The version before, 2025-10-28.
public enum V20251028: APIVersion {
    /// `2025-10-28`.
    public static var header: String { "2025-10-28" }

    /// All about the user in one object.
    public typealias CurrentUser = CurrentUserV20251028

    /// A CVM in a list, with the machine that hosts it.
    public typealias CvmInfo = CvmInfoV20251028

    /// One CVM.
    public typealias CvmDetail = CvmDetailV20251028

    /// A page of CVMs.
    public typealias CvmPage = PaginatedCvmInfosV20251028
}
