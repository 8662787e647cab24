// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Every call exists in three ways: with its built-in type; with a type of the caller's own (`as: MyCvm.self`); and
/// without any check (`as: JSON.self`).
extension PhalaCloudClient {
    /// Who calls (`GET /auth/me`).
    public func currentUser() async throws(CloudError) -> Version.CurrentUser {
        try await call(.get(["auth", "me"]), as: Version.CurrentUser.self)
    }

    /// Who calls, as a type of the caller's own (`GET /auth/me`).
    public func currentUser<Value: CloudSchema>(as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["auth", "me"]), as: type)
    }

    /// A CVM (`GET /cvms/{id}`).
    ///
    /// - Parameter id: a CVM id, a `vm_uuid`, an app id, an instance id, or a name that is unique in the workspace.
    /// - Returns: the CVM, with everything that the service said about it in `json`.
    /// - Throws: ``CloudError``; `notFound` and `ambiguousCvm` are about the identifier.
    public func cvmInfo(_ id: String) async throws(CloudError) -> Version.CvmDetail {
        try await call(.get(["cvms", RequestCheck.identifier(id)]), as: Version.CvmDetail.self)
    }

    /// A CVM, as a type of the caller's own (`GET /cvms/{id}`).
    public func cvmInfo<Value: CloudSchema>(
        _ id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id)]), as: type)
    }

    /// The app-compose object of a CVM, which is what is hashed (`GET /cvms/{id}/compose_file`).
    public func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try await composeFile(id, as: JSONObject.self)
    }

    /// The app-compose object, as a type of the caller's own (`GET /cvms/{id}/compose_file`).
    public func composeFile<Value: CloudSchema>(
        _ id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "compose_file"]), as: type)
    }

    /// The state of a CVM at this moment (`GET /cvms/{id}/state`).
    public func cvmState(_ id: String) async throws(CloudError) -> CvmState {
        try await cvmState(id, as: CvmState.self)
    }

    /// The state of a CVM, as a type of the caller's own (`GET /cvms/{id}/state`).
    public func cvmState<Value: CloudSchema>(
        _ id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "state"]), as: type)
    }

    /// The operations that ran on a CVM, the newest first (`GET /cvms/{id}/operations`).
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - since: only operations that began after this time, RFC 3339 in UTC.
    ///   - limit: how many at most, 1 to 500; outside of that the nearest bound.
    ///   - cursor: ``CvmOperationsPage/nextCursor`` of the page before.
    /// - Returns: one page.
    /// - Throws: ``CloudError``.
    public func operations(
        _ id: String, since: String? = nil, limit: Int = 50, cursor: String? = nil
    ) async throws(CloudError) -> CvmOperationsPage {
        var query = [(name: "limit", value: String(min(max(limit, 1), 500)))]
        if let since { query.append((name: "start_time", value: since)) }
        if let cursor { query.append((name: "cursor", value: cursor)) }
        let request = CloudRequest.get(
            ["cvms", try RequestCheck.identifier(id), "operations"], query: query)
        return try await call(request, as: CvmOperationsPage.self)
    }

    /// What the service holds for an update that waits for its hash
    /// (`GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview`).
    public func pendingUpdatePreview(
        appID: String, vmUUID: String, composeHash: String
    ) async throws(CloudError) -> PendingUpdatePreview {
        let segments = [
            "apps", try RequestCheck.identifier(appID, "the app id"), "pending-updates",
            try RequestCheck.identifier(vmUUID, "the VM's UUID"),
            try RequestCheck.composeHash(composeHash), "preview",
        ]
        return try await call(.get(segments), as: PendingUpdatePreview.self)
    }

    /// What a commit token stands for (`GET /cvms/{id}/commit-update?token=`); no key is sent.
    public func commitTokenInfo(_ id: String, token: String) async throws(CloudError) -> CommitTokenInfo {
        var request = CloudRequest.get(
            ["cvms", try RequestCheck.identifier(id), "commit-update"],
            query: [(name: "token", value: try RequestCheck.token(token))])
        request.sendsCredential = false
        return try await call(request, as: CommitTokenInfo.self)
    }
}
