// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Replaces the script that runs before the containers start, first phase (`PATCH /cvms/{id}/pre-launch-script`).
    ///
    /// A write.
    ///
    /// The script goes out as text, or in a form where the service wants that.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - script: the whole script; an empty one clears it.
    /// - Returns: also the demand to register a hash (HTTP 465), which is no error here; then
    ///   ``confirmPreLaunchScript(_:_:composeHash:proof:)`` follows.
    /// - Throws: ``CloudError``.
    public func updatePreLaunchScript(_ id: String, _ script: String) async throws(CloudError) -> ProtectedUpdateResult
    {
        try await preLaunchScript(id, script, [], .write) { answer throws(CloudError) in
            try ProtectedUpdateResult(answer)
        }
    }

    /// Replaces the script, first phase, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}/pre-launch-script`).
    ///
    /// - Throws: ``CloudError``; the demand to register a hash is `hashRegistrationRequired` here.
    public func updatePreLaunchScript<Value: CloudSchema>(
        _ id: String, _ script: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await preLaunchScript(id, script, [], .write) { answer throws(CloudError) in try answer.valueOrEmpty() }
    }

    /// Replaces the script, second phase: the hash is registered (`PATCH /cvms/{id}/pre-launch-script` with
    /// `X-Compose-Hash` and `X-Transaction-Hash`).
    ///
    /// A confirmation.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - script: the same script as in the first phase.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: by what the update is followed.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func confirmPreLaunchScript(
        _ id: String, _ script: String, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> ConfirmCvmPatchResult {
        try await confirmPreLaunchScript(
            id, script, composeHash: composeHash, proof: proof, as: ConfirmCvmPatchResult.self)
    }

    /// Replaces the script, second phase, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}/pre-launch-script`).
    public func confirmPreLaunchScript<Value: CloudSchema>(
        _ id: String, _ script: String, composeHash: String, proof: TransactionProof, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let headers = try HTTPHeader.registered(composeHash, proof)
        return try await preLaunchScript(id, script, headers, .confirmation) { answer throws(CloudError) in
            try answer.value()
        }
    }

    private func preLaunchScript<Value: Sendable>(
        _ id: String, _ script: String, _ headers: [HTTPHeader], _ repetition: Repetition,
        read: (CloudAnswer) throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let request = CloudRequest.write(
            .patch, ["cvms", try RequestCheck.identifier(id), "pre-launch-script"], headers: headers,
            body: .text(script, mediaType: "text/plain"), repetition: repetition)
        return try await repeating(repetition) { () async throws(CloudError) -> Value in
            try read(try await send(request, fileName: "pre-launch.sh", .preLaunchScriptBody))
        }
    }
}
