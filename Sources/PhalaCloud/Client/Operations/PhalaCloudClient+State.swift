// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// The state of a CVM at this moment (`GET /cvms/{id}/state`).
    ///
    /// A read.
    public func cvmState(_ id: String) async throws(CloudError) -> CvmState {
        try await cvmState(id, as: CvmState.self)
    }

    /// The state of a CVM, as a type of the caller's own, or as `JSON` without any check (`GET /cvms/{id}/state`).
    public func cvmState<Value: CloudSchema>(_ id: String, as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "state"]), as: type)
    }

    /// The operation that runs on a CVM at this moment (`GET /cvms/{id}/operation-status`).
    ///
    /// A read.
    public func operationStatus(_ id: String) async throws(CloudError) -> CvmOperationStatus {
        try await operationStatus(id, as: CvmOperationStatus.self)
    }

    /// The operation that runs on a CVM, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /cvms/{id}/operation-status`).
    public func operationStatus<Value: CloudSchema>(
        _ id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "operation-status"]), as: type)
    }

    /// The operations that ran on a CVM, the newest first (`GET /cvms/{id}/operations`).
    ///
    /// A read.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - since: only operations that began after this time, RFC 3339 in UTC.
    ///   - limit: how many at most, 1 to 500.
    ///   - cursor: ``CvmOperationsPage/nextCursor`` of the page before.
    /// - Returns: one page.
    /// - Throws: ``CloudError``.
    public func operations(
        _ id: String, since: String? = nil, limit: Int = 50, cursor: String? = nil
    ) async throws(CloudError) -> CvmOperationsPage {
        try await operations(id, since: since, limit: limit, cursor: cursor, as: CvmOperationsPage.self)
    }

    /// The operations that ran on a CVM, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /cvms/{id}/operations`).
    public func operations<Value: CloudSchema>(
        _ id: String, since: String? = nil, limit: Int = 50, cursor: String? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let limit = try RequestCheck.range(limit, "limit", in: RequestCheck.batch)
        var query = [(name: "limit", value: String(limit))]
        if let since { query.append((name: "start_time", value: since)) }
        if let cursor { query.append((name: "cursor", value: cursor)) }
        return try await call(.get(["cvms", RequestCheck.identifier(id), "operations"], query: query), as: type)
    }

    /// What the service holds for an update that waits for its hash
    /// (`GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview`).
    ///
    /// A read.
    public func pendingUpdatePreview(
        appID: String, vmUUID: String, composeHash: String
    ) async throws(CloudError) -> PendingUpdatePreview {
        try await pendingUpdatePreview(
            appID: appID, vmUUID: vmUUID, composeHash: composeHash, as: PendingUpdatePreview.self)
    }

    /// What the service holds for an update, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /apps/{app_id}/pending-updates/{vm_uuid}/{compose_hash}/preview`).
    public func pendingUpdatePreview<Value: CloudSchema>(
        appID: String, vmUUID: String, composeHash: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let segments = [
            "apps", try RequestCheck.identifier(appID, "the app id"), "pending-updates",
            try RequestCheck.identifier(vmUUID, "the VM's UUID"), try RequestCheck.composeHash(composeHash), "preview",
        ]
        return try await call(.get(segments), as: type)
    }
}
