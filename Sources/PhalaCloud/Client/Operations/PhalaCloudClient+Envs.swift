// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

extension PhalaCloudClient {
    /// Replaces the encrypted environment, first phase (`PATCH /cvms/{id}/envs`).
    ///
    /// A write.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - encryptedEnv: the whole new environment, hex digits.
    ///   - envKeys: the names of the variables that may be set; a change of them changes the compose hash.
    /// - Returns: also the demand to register a hash (HTTP 465), which is no error here; then
    ///   ``confirmCvmEnvs(_:encryptedEnv:envKeys:composeHash:proof:)`` follows.
    /// - Throws: ``CloudError``.
    public func updateCvmEnvs(
        _ id: String, encryptedEnv: String, envKeys: [String]? = nil
    ) async throws(CloudError) -> ProtectedUpdateResult {
        let request = try Self.envs(id, encryptedEnv, envKeys)
        return try await repeating(.write) { () async throws(CloudError) -> ProtectedUpdateResult in
            try ProtectedUpdateResult(try await send(request))
        }
    }

    /// Replaces the encrypted environment, first phase, with the answer as a type of the caller's own, or as `JSON`
    /// without any check (`PATCH /cvms/{id}/envs`).
    ///
    /// - Throws: ``CloudError``; the demand to register a hash is `hashRegistrationRequired` here.
    public func updateCvmEnvs<Value: CloudSchema>(
        _ id: String, encryptedEnv: String, envKeys: [String]? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let request = try Self.envs(id, encryptedEnv, envKeys)
        return try await repeating(.write) { () async throws(CloudError) -> Value in
            try await send(request).valueOrEmpty()
        }
    }

    /// Replaces the encrypted environment, second phase: the hash is registered (`PATCH /cvms/{id}/envs` with
    /// `compose_hash` and `transaction_hash` in the body).
    ///
    /// A confirmation.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - encryptedEnv: the same environment as in the first phase, the very digits.
    ///   - envKeys: the same names as in the first phase.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: by what the update is followed.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func confirmCvmEnvs(
        _ id: String, encryptedEnv: String, envKeys: [String]? = nil, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> ConfirmCvmPatchResult {
        try await confirmCvmEnvs(
            id, encryptedEnv: encryptedEnv, envKeys: envKeys, composeHash: composeHash, proof: proof,
            as: ConfirmCvmPatchResult.self)
    }

    /// Replaces the encrypted environment, second phase, with the answer as a type of the caller's own, or as `JSON`
    /// without any check (`PATCH /cvms/{id}/envs`).
    public func confirmCvmEnvs<Value: CloudSchema>(
        _ id: String, encryptedEnv: String, envKeys: [String]? = nil, composeHash: String, proof: TransactionProof,
        as type: Value.Type
    ) async throws(CloudError) -> Value {
        let registered: JSONObject = [
            "compose_hash": .string(try RequestCheck.composeHash(composeHash)),
            "transaction_hash": .string(proof.text),
        ]
        return try await call(
            try Self.envs(id, encryptedEnv, envKeys, registered: registered, .confirmation), as: type)
    }

    private static func envs(
        _ id: String, _ encryptedEnv: String, _ envKeys: [String]?, registered: JSONObject = JSONObject(),
        _ repetition: Repetition = .write
    ) throws(CloudError) -> CloudRequest {
        var body: JSONObject = ["encrypted_env": .string(try RequestCheck.hex(encryptedEnv, "encrypted_env"))]
        if let envKeys { body["env_keys"] = try RequestCheck.names(envKeys, "env_keys") }
        for member in registered.members { body[member.key] = member.value }
        return .write(
            .patch, ["cvms", try RequestCheck.identifier(id), "envs"], body: .json(body), repetition: repetition)
    }
}
