// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Makes a replica of a CVM (`POST /apps/{app_id}/cvms/{vm_uuid}/replicas`, else `POST /cvms/{id}/replicas`).
    ///
    /// A write.
    ///
    /// - Parameters:
    ///   - appID: the app of the CVM, 40 hex digits, with or without `0x` or `app_`.
    ///   - vmUUID: the CVM that is replicated.
    ///   - replica: how the replica differs.
    ///   - prepareOnly: asks for a commit token, so that somebody else can register device and hash
    ///     (`X-Prepare-Only`).
    /// - Returns: the new virtual machine; or the demand to register something (HTTP 465), which is no error here.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func replicateCvm(
        appID: String, vmUUID: String, _ replica: ReplicaRequest = ReplicaRequest(), prepareOnly: Bool = false
    ) async throws(CloudError) -> ReplicateCvmResult {
        try await replicate(appID, vmUUID, replica, prepareOnly) { answer throws(CloudError) in
            guard answer.response.status == 465 else { return .created(try answer.value()) }
            return .requiresOnChainHash(try answer.hashRequirement())
        }
    }

    /// Makes a replica, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`POST /apps/{app_id}/cvms/{vm_uuid}/replicas`, else `POST /cvms/{id}/replicas`).
    ///
    /// - Throws: ``CloudError``; the demand to register something is `hashRegistrationRequired` here.
    public func replicateCvm<Value: CloudSchema>(
        appID: String, vmUUID: String, _ replica: ReplicaRequest = ReplicaRequest(), prepareOnly: Bool = false,
        as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await replicate(appID, vmUUID, replica, prepareOnly) { answer throws(CloudError) in try answer.value() }
    }

    private func replicate<Value: Sendable>(
        _ appID: String, _ vmUUID: String, _ replica: ReplicaRequest, _ prepareOnly: Bool,
        read: (CloudAnswer) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let app = try RequestCheck.identifier(appID, "the app id")
        let machine = try RequestCheck.identifier(vmUUID, "the VM's UUID")
        let body = RequestBody.json(try replica.json())
        let headers: [HTTPHeader] = prepareOnly ? [.prepareOnly] : []
        let documented = CloudRequest.write(
            .post, ["apps", app, "cvms", machine, "replicas"], headers: headers, body: body)
        let live = CloudRequest.write(.post, ["cvms", machine, "replicas"], headers: headers, body: body)
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try read(try await send(documented: documented, live: live, .replicas))
        }
    }
}
