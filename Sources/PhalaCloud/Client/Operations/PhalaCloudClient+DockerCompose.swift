// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Replaces the Docker Compose file, first phase (`PATCH /cvms/{id}/docker-compose`).
    ///
    /// A write.
    ///
    /// The YAML goes out as text, or in a form where the service wants that.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - yaml: the whole file, not empty.
    /// - Returns: also the demand to register a hash (HTTP 465), which is no error here; then
    ///   ``confirmDockerCompose(_:_:composeHash:proof:)`` follows.
    /// - Throws: ``CloudError``.
    public func updateDockerCompose(_ id: String, _ yaml: String) async throws(CloudError) -> ProtectedUpdateResult {
        try await dockerCompose(id, yaml, [], .write) { answer throws(CloudError) in
            try ProtectedUpdateResult(answer)
        }
    }

    /// Replaces the Docker Compose file, first phase, with the answer as a type of the caller's own, or as `JSON`
    /// without any check (`PATCH /cvms/{id}/docker-compose`).
    ///
    /// - Throws: ``CloudError``; the demand to register a hash is `hashRegistrationRequired` here.
    public func updateDockerCompose<Value: CloudSchema>(
        _ id: String, _ yaml: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await dockerCompose(id, yaml, [], .write) { answer throws(CloudError) in try answer.valueOrEmpty() }
    }

    /// Replaces the Docker Compose file, second phase: the hash is registered (`PATCH /cvms/{id}/docker-compose` with
    /// `X-Compose-Hash` and `X-Transaction-Hash`).
    ///
    /// A confirmation.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - yaml: the same file as in the first phase.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: by what the update is followed.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func confirmDockerCompose(
        _ id: String, _ yaml: String, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> ConfirmCvmPatchResult {
        try await confirmDockerCompose(
            id, yaml, composeHash: composeHash, proof: proof, as: ConfirmCvmPatchResult.self)
    }

    /// Replaces the Docker Compose file, second phase, with the answer as a type of the caller's own, or as `JSON`
    /// without any check (`PATCH /cvms/{id}/docker-compose`).
    public func confirmDockerCompose<Value: CloudSchema>(
        _ id: String, _ yaml: String, composeHash: String, proof: TransactionProof, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let headers = try HTTPHeader.registered(composeHash, proof)
        return try await dockerCompose(id, yaml, headers, .confirmation) { answer throws(CloudError) in
            try answer.value()
        }
    }

    private func dockerCompose<Value: Sendable>(
        _ id: String, _ yaml: String, _ headers: [HTTPHeader], _ repetition: Repetition,
        read: (CloudAnswer) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let request = CloudRequest.write(
            .patch, ["cvms", try RequestCheck.identifier(id), "docker-compose"], headers: headers,
            body: .text(try RequestCheck.text(yaml, "docker_compose_file"), mediaType: "text/yaml"),
            repetition: repetition)
        return try await repeating(repetition) { () async throws(CloudError) -> Value in
            try read(try await send(request, fileName: "docker-compose.yml", .dockerComposeBody))
        }
    }
}
