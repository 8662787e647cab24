// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Gives a CVM a new instance id, which makes the old one invalid (`POST /cvms/{id}/refresh-instance-id`, else
    /// `PATCH /cvms/{id}/instance-id`).
    ///
    /// A write.
    public func refreshCvmInstanceID(_ id: String) async throws(CloudError) -> InstanceIdRefreshResult {
        try await refreshCvmInstanceID(id, as: InstanceIdRefreshResult.self)
    }

    /// Gives a CVM a new instance id, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`POST /cvms/{id}/refresh-instance-id`, else `PATCH /cvms/{id}/instance-id`).
    public func refreshCvmInstanceID<Value: CloudSchema>(
        _ id: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let id = try RequestCheck.identifier(id)
        let documented = CloudRequest.write(.post, ["cvms", id, "refresh-instance-id"])
        let live = CloudRequest.write(
            .patch, ["cvms", id, "instance-id"], body: .json(["overwrite": true, "dry_run": false]))
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try await send(documented: documented, live: live, .instanceID).value()
        }
    }

    /// Gives several CVMs new instance ids (`POST /cvms/refresh-instance-ids`, else `PATCH /cvms/instance-ids`).
    ///
    /// A write.
    ///
    /// - Parameter ids: the CVMs, 1 to 500, running or not.
    /// - Returns: how many were changed, and what became of each.
    /// - Throws: ``CloudError``.
    public func refreshCvmInstanceIDs(_ ids: [String]) async throws(CloudError) -> RefreshCvmInstanceIdsResponse {
        try await refreshCvmInstanceIDs(ids, as: RefreshCvmInstanceIdsResponse.self)
    }

    /// Gives several CVMs new instance ids, with the answer as a type of the caller's own, or as `JSON` without any
    /// check (`POST /cvms/refresh-instance-ids`, else `PATCH /cvms/instance-ids`).
    public func refreshCvmInstanceIDs<Value: CloudSchema>(
        _ ids: [String], as type: Value.Type
    ) async throws(CloudError) -> Value {
        let count = try RequestCheck.range(ids.count, "ids", in: RequestCheck.batch)
        var list: [JSON] = []
        for id in ids { list.append(.string(try RequestCheck.identifier(id))) }
        let documented = CloudRequest.write(
            .post, ["cvms", "refresh-instance-ids"], body: .json(["ids": .array(list)]))
        let live = CloudRequest.write(
            .patch, ["cvms", "instance-ids"],
            body: .json([
                "cvm_ids": .array(list), "running_only": false, "missing_only": false, "overwrite": true,
                "limit": .number(JSONNumber(count)), "dry_run": false,
            ]))
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try await send(documented: documented, live: live, .instanceIDs).value()
        }
    }
}
