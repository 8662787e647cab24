// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
public import StrictJSON

extension PhalaCloudClient {
    /// The app-compose object of a CVM, which is what is hashed (`GET /cvms/{id}/compose_file`).
    ///
    /// A read.
    public func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try await composeFile(id, as: JSONObject.self)
    }

    /// The app-compose object, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /cvms/{id}/compose_file`).
    public func composeFile<Value: CloudSchema>(_ id: String, as type: Value.Type) async throws(CloudError) -> Value {
        try await call(.get(["cvms", RequestCheck.identifier(id), "compose_file"]), as: type)
    }

    /// Hands a new app-compose object over, first phase (`POST /cvms/{id}/compose_file/provision`).
    ///
    /// Nothing changes on
    /// the CVM.
    ///
    /// Repeated like a read: a second preparation takes the place of the first.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - appCompose: the whole object; it is sent as it is, numbers in their spelling.
    ///   - updateEnvVars: whether the names in `allowed_envs` are taken over; `nil` leaves it to the service.
    /// - Returns: the hash for the second phase.
    /// - Throws: ``CloudError``.
    public func provisionCvmComposeFileUpdate(
        _ id: String, appCompose: JSONObject, updateEnvVars: Bool? = nil
    ) async throws(CloudError) -> ProvisionCvmComposeFileUpdateResult {
        try await provisionCvmComposeFileUpdate(
            id, appCompose: appCompose, updateEnvVars: updateEnvVars, as: ProvisionCvmComposeFileUpdateResult.self)
    }

    /// Hands a new app-compose object over, with the answer as a type of the caller's own, or as `JSON` without any
    /// check (`POST /cvms/{id}/compose_file/provision`).
    public func provisionCvmComposeFileUpdate<Value: CloudSchema>(
        _ id: String, appCompose: JSONObject, updateEnvVars: Bool? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        guard !appCompose.isEmpty else { throw .invalidRequest(.nothingToChange) }
        let segments = ["cvms", try RequestCheck.identifier(id), "compose_file", "provision"]
        var body = appCompose
        if let updateEnvVars { body["update_env_vars"] = .bool(updateEnvVars) }
        let live = CloudRequest.write(.post, segments, body: .json(body), repetition: .read)
        body = ["app_compose": .object(appCompose)]
        if let updateEnvVars { body["update_env_vars"] = .bool(updateEnvVars) }
        let documented = CloudRequest.write(.post, segments, body: .json(body), repetition: .read)
        return try await repeating(.read) { () async throws(CloudError) -> Value in
            // The service takes the object itself; where it wants the documents' parameter, a 422 names it.
            let answer = try await send(live, or: documented, .provisionBody) { answer, way in
                switch way {
                case .first: answer.namesField("app_compose")
                case .second: answer.namesField("name")
                }
            }
            return try answer.value()
        }
    }

    /// Puts a new app-compose object into effect, second phase; the CVM then restarts
    /// (`POST /cvms/{id}/compose_file/commit`, else `PATCH /cvms/{id}/compose_file`).
    ///
    /// A confirmation.
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - encryptedEnv: a new encrypted environment, hex digits.
    ///   - envKeys: the names of the variables that may be set.
    ///   - proof: what shows the registration, where the KMS is on a chain.
    /// - Returns: by what the update is followed, if the service says so.
    /// - Throws: ``CloudError``; `hashRegistrationRequired` when the hash has to be registered first.
    public func commitCvmComposeFileUpdate(
        _ id: String, composeHash: String, encryptedEnv: String? = nil, envKeys: [String]? = nil,
        proof: TransactionProof? = nil
    ) async throws(CloudError) -> CommitCvmComposeFileUpdate {
        try await commitCvmComposeFileUpdate(
            id, composeHash: composeHash, encryptedEnv: encryptedEnv, envKeys: envKeys, proof: proof,
            as: CommitCvmComposeFileUpdate.self)
    }

    /// Puts a new app-compose object into effect, with the answer as a type of the caller's own, or as `JSON` without
    /// any check (`POST /cvms/{id}/compose_file/commit`, else `PATCH /cvms/{id}/compose_file`).
    ///
    /// An answer without a body is read as `{}`.
    public func commitCvmComposeFileUpdate<Value: CloudSchema>(
        _ id: String, composeHash: String, encryptedEnv: String? = nil, envKeys: [String]? = nil,
        proof: TransactionProof? = nil, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let id = try RequestCheck.identifier(id)
        var fields: JSONObject = ["compose_hash": .string(try RequestCheck.composeHash(composeHash))]
        if let encryptedEnv { fields["encrypted_env"] = .string(try RequestCheck.hex(encryptedEnv, "encrypted_env")) }
        if let envKeys { fields["env_keys"] = try RequestCheck.names(envKeys, "env_keys") }
        // The live route reads the registration from the contract, and takes names over only when told to.
        var liveFields = fields
        if envKeys != nil { liveFields["update_env_vars"] = true }
        if let proof { fields["transaction_hash"] = .string(proof.text) }
        let documented = CloudRequest.write(.post, ["cvms", id, "compose_file", "commit"], body: .json(fields))
        let live = CloudRequest.write(.patch, ["cvms", id, "compose_file"], body: .json(liveFields))
        return try await repeating(.confirmation) { () async throws(CloudError) -> Value in
            try await send(documented: documented, live: live, .composeFileCommit).valueOrEmpty()
        }
    }
}
