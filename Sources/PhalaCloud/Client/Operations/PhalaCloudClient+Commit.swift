// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

/// Calls whose token is the credential: no key is sent.
///
/// A token is spent once and bound to its hash, so these calls can do nothing twice.
extension PhalaCloudClient {
    /// Commits an update that was only prepared (`POST /cvms/{id}/commit-update`).
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - token: the one-time token of the preparation.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: by what the update is followed.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func commitCvmUpdate(
        _ id: String, token: String, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> CommitCvmUpdateResult {
        try await commitCvmUpdate(
            id, token: token, composeHash: composeHash, proof: proof, as: CommitCvmUpdateResult.self)
    }

    /// Commits an update, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`POST /cvms/{id}/commit-update`).
    public func commitCvmUpdate<Value: CloudSchema>(
        _ id: String, token: String, composeHash: String, proof: TransactionProof, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(Self.commit(id, "commit-update", token, composeHash, proof), as: type)
    }

    /// Makes a replica that was only prepared (`POST /cvms/{id}/commit-replica`).
    ///
    /// - Parameters:
    ///   - id: the CVM that is replicated.
    ///   - token: the one-time token of the preparation.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: the new virtual machine.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func commitReplica(
        _ id: String, token: String, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> VM {
        try await commitReplica(id, token: token, composeHash: composeHash, proof: proof, as: VM.self)
    }

    /// Makes a replica, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`POST /cvms/{id}/commit-replica`).
    public func commitReplica<Value: CloudSchema>(
        _ id: String, token: String, composeHash: String, proof: TransactionProof, as type: Value.Type
    ) async throws(CloudError) -> Value {
        try await call(Self.commit(id, "commit-replica", token, composeHash, proof), as: type)
    }

    /// What a commit token stands for (`GET /cvms/{id}/commit-update?token=`).
    ///
    /// A read.
    public func commitTokenInfo(_ id: String, token: String) async throws(CloudError) -> CommitTokenInfo {
        try await commitTokenInfo(id, token: token, as: CommitTokenInfo.self)
    }

    /// What a commit token stands for, as a type of the caller's own, or as `JSON` without any check
    /// (`GET /cvms/{id}/commit-update?token=`).
    public func commitTokenInfo<Value: CloudSchema>(
        _ id: String, token: String, as type: Value.Type
    ) async throws(CloudError) -> Value {
        var request = CloudRequest.get(
            ["cvms", try RequestCheck.identifier(id), "commit-update"],
            query: [(name: "token", value: try RequestCheck.token(token))])
        request.sendsCredential = false
        return try await call(request, as: type)
    }

    private static func commit(
        _ id: String, _ segment: String, _ token: String, _ composeHash: String, _ proof: TransactionProof
    ) throws(CloudError) -> CloudRequest {
        var request = CloudRequest.write(
            .post, ["cvms", try RequestCheck.identifier(id), segment],
            body: .json([
                "token": .string(try RequestCheck.token(token)),
                "compose_hash": .string(try RequestCheck.composeHash(composeHash)),
                "transaction_hash": .string(proof.text),
            ]),
            repetition: .oneTimeToken)
        request.sendsCredential = false
        return request
    }
}
