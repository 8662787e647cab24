// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Changes CPUs, memory and disk of a CVM, which then restarts (`PATCH /cvms/{id}/resources`, else
    /// `PATCH /cvms/{id}`).
    ///
    /// A write.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - vcpu: the number of virtual CPUs, at least 1; `nil` leaves it as it is.
    ///   - memory: in MB, at least 1; `nil` leaves it as it is.
    ///   - diskSize: in GB, at least 1; `nil` leaves it as it is.
    /// - Returns: the CVM, or that the change runs.
    /// - Throws: ``CloudError``; `invalidRequest` when there is nothing to change.
    public func updateCvmResources(
        _ id: String, vcpu: Int? = nil, memory: Int? = nil, diskSize: Int? = nil
    ) async throws(CloudError) -> CvmUpdateResult<Version> {
        try await resources(id, vcpu, memory, diskSize) { answer throws(CloudError) in
            try CvmUpdateResult(answer)
        }
    }

    /// Changes CPUs, memory and disk, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}/resources`, else `PATCH /cvms/{id}`).
    ///
    /// An answer without a body is read as `{}`.
    public func updateCvmResources<Value: CloudSchema>(
        _ id: String, vcpu: Int? = nil, memory: Int? = nil, diskSize: Int? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await resources(id, vcpu, memory, diskSize) { answer throws(CloudError) in try answer.valueOrEmpty() }
    }

    private func resources<Value: Sendable>(
        _ id: String, _ vcpu: Int?, _ memory: Int?, _ diskSize: Int?,
        read: (CloudAnswer) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let id = try RequestCheck.identifier(id)
        var body = JSONObject()
        for (field, value) in [("vcpu", vcpu), ("memory", memory), ("disk_size", diskSize)] {
            guard let value else { continue }
            body[field] = .number(JSONNumber(try RequestCheck.range(value, field, in: RequestCheck.quantity)))
        }
        guard !body.isEmpty else { throw .invalidRequest(.nothingToChange) }
        let documented = CloudRequest.write(.patch, ["cvms", id, "resources"], body: .json(body))
        let live = CloudRequest.write(.patch, ["cvms", id], body: .json(body))
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try read(try await send(documented: documented, live: live, .resources))
        }
    }

    /// Lists a CVM publicly, or takes it off the list (`PATCH /cvms/{id}/visibility`, else `…/listed`).
    ///
    /// A write.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - listed: whether it is in the public directory.
    /// - Returns: the CVM, in the form of the route that the service has.
    /// - Throws: ``CloudError``.
    public func updateCvmVisibility(
        _ id: String, listed: Bool
    ) async throws(CloudError) -> CvmVisibilityResult<Version> {
        try await updateCvmVisibility(id, listed: listed, as: CvmVisibilityResult<Version>.self)
    }

    /// Lists a CVM publicly or not, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}/visibility`, else `…/listed`).
    public func updateCvmVisibility<Value: CloudSchema>(
        _ id: String, listed: Bool, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let id = try RequestCheck.identifier(id)
        let body = RequestBody.json(["listed": .bool(listed)])
        let documented = CloudRequest.write(.patch, ["cvms", id, "visibility"], body: body)
        let live = CloudRequest.write(.patch, ["cvms", id, "listed"], body: body)
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try await send(documented: documented, live: live, .visibility).value()
        }
    }
}
