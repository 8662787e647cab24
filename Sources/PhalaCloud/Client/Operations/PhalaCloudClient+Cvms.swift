// SPDX-License-Identifier: Apache-2.0

extension PhalaCloudClient {
    /// The CVMs of the workspace in one answer (`GET /cvms`).
    ///
    /// A read.
    ///
    /// With many CVMs, ``allCvms(pageSize:)`` needs less memory.
    ///
    /// - Parameters:
    ///   - userID: only those of one user, a hashed id or `0` for nobody's; for administrators.
    ///   - teepodID: only those on one node; for administrators.
    /// - Returns: each CVM in the form in which it came: with the machine that hosts it, or as the pages show it.
    /// - Throws: ``CloudError``.
    public func cvms(userID: String? = nil, teepodID: Int? = nil) async throws(CloudError) -> [CvmListEntry] {
        try await cvms(userID: userID, teepodID: teepodID, as: [CvmListEntry].self)
    }

    /// The CVMs of the workspace, as a type of the caller's own, or as `JSON` without any check (`GET /cvms`).
    public func cvms<Value: CloudSchema>(
        userID: String? = nil, teepodID: Int? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let query = try RequestCheck.filter(userID: userID, teepodID: teepodID)
        return try await call(.get(["cvms"], query: query), as: type)
    }

    /// A page of the CVMs of the workspace (`GET /cvms/paginated`).
    ///
    /// A read.
    ///
    /// - Parameters:
    ///   - page: the number of the page; the first is 1.
    ///   - pageSize: how many CVMs, 1 to 100.
    ///   - userID: only those of one user, a hashed id or `0` for nobody's; for administrators.
    ///   - teepodID: only those on one node; for administrators.
    /// - Returns: the page in the client's version.
    /// - Throws: ``CloudError``.
    public func cvmPage(
        _ page: Int = 1, pageSize: Int = 30, userID: String? = nil, teepodID: Int? = nil
    ) async throws(CloudError) -> Version.CvmPage {
        try await cvmPage(page, pageSize: pageSize, userID: userID, teepodID: teepodID, as: Version.CvmPage.self)
    }

    /// A page of CVMs, as a type of the caller's own, or as `JSON` without any check (`GET /cvms/paginated`).
    public func cvmPage<Value: CloudSchema>(
        _ page: Int = 1, pageSize: Int = 30, userID: String? = nil, teepodID: Int? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let query =
            try RequestCheck.page(page, size: pageSize) + RequestCheck.filter(userID: userID, teepodID: teepodID)
        return try await call(.get(["cvms", "paginated"], query: query), as: type)
    }

    /// All CVMs of the workspace, one page in memory at a time (`GET /cvms/paginated`).
    ///
    /// Reads.
    ///
    /// ```swift
    /// for try await cvm in client.allCvms() { print(cvm.name, cvm.status) }
    /// ```
    ///
    /// - Parameter pageSize: how many CVMs are asked for at once, 1 to 100.
    public func allCvms(pageSize: Int = 100) -> CvmSequence<Version, Version.CvmInfo> {
        allCvms(pageSize: pageSize, as: Version.CvmInfo.self)
    }

    /// All CVMs, each as a type of the caller's own, or as `JSON` without any check (`GET /cvms/paginated`).
    public func allCvms<Value: CloudSchema>(
        pageSize: Int = 100, as type: Value.Type
    ) -> CvmSequence<Version, Value> {
        CvmSequence(client: self, pageSize: pageSize)
    }

    /// A CVM (`GET /cvms/{id}`).
    ///
    /// A read.
    ///
    /// - Parameter id: a CVM id, a `vm_uuid`, an app id, an instance id, or a name that is unique in the workspace.
    /// - Returns: the CVM in the client's version.
    /// - Throws: ``CloudError``; `notFound` and `ambiguousCvm` are about the identifier.
    public func cvmInfo(_ id: String) async throws(CloudError) -> Version.CvmDetail {
        try await cvmInfo(id, as: Version.CvmDetail.self)
    }

    /// A CVM, as a type of the caller's own, or as `JSON` without any check (`GET /cvms/{id}`).
    public func cvmInfo<Value: CloudSchema>(_ id: String, as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id)]), as: type)
    }
}
