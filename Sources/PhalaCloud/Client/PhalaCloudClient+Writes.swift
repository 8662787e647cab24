// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
public import StrictJSON

/// Calls that change something. Each is sent once and never repeated here.
extension PhalaCloudClient {
    /// Changes a CVM, first phase (`PATCH /cvms/{id}`).
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - patch: what changes; checked before it is sent.
    ///   - prepareOnly: asks for a commit token, so that somebody else can register the hash (`X-Prepare-Only`). A
    ///     change that needs no registration is applied all the same.
    /// - Returns: also the demand to register a hash (HTTP 465), which is no error here.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func patchCvm(
        _ id: String, _ patch: CvmPatch, prepareOnly: Bool = false
    ) async throws(CloudError) -> PatchCvmResult {
        do { try patch.validate() } catch { throw .invalidRequest(.patch(error)) }
        return try await patchCvm(id, body: patch.json, prepareOnly: prepareOnly)
    }

    /// Changes a CVM, first phase, with a body that was made and checked before (`PATCH /cvms/{id}`).
    public func patchCvm(
        _ id: String, body: JSONObject, prepareOnly: Bool = false
    ) async throws(CloudError) -> PatchCvmResult {
        var request = CloudRequest.write(.patch, ["cvms", try RequestCheck.identifier(id)], body: .json(body))
        if prepareOnly { request.headers.append(HTTPHeader("X-Prepare-Only", "true")) }
        return try await repeating(.write) { [request] () async throws(CloudError) -> PatchCvmResult in
            let answer = try await send(request)
            guard answer.response.status == 465 else { return try answer.value() }
            return .requiresOnChainHash(try answer.hashRequirement())
        }
    }

    /// Changes a CVM, second phase: the hash is registered (`PATCH /cvms/{id}` with `X-Compose-Hash` and
    /// `X-Transaction-Hash`).
    ///
    /// - Parameters:
    ///   - id: the CVM.
    ///   - composeHash: the hash in the spelling in which it came.
    ///   - proof: what shows the registration.
    /// - Returns: by what the update is followed.
    /// - Throws: ``CloudError``; see ``CloudError/leavesOutcomeUnknown``.
    public func confirmCvmPatch(
        _ id: String, composeHash: String, proof: TransactionProof
    ) async throws(CloudError) -> ConfirmCvmPatchResult {
        let request = CloudRequest.write(
            .patch, ["cvms", try RequestCheck.identifier(id)],
            headers: [
                HTTPHeader("X-Compose-Hash", try RequestCheck.composeHash(composeHash)),
                HTTPHeader("X-Transaction-Hash", proof.text),
            ],
            body: .json(JSONObject()), repetition: .confirmation)
        return try await call(request, as: ConfirmCvmPatchResult.self)
    }

    /// Commits an update that was only prepared (`POST /cvms/{id}/commit-update`).
    ///
    /// The token is the credential: no key is sent.
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
        var body = JSONObject()
        body["token"] = .string(try RequestCheck.token(token))
        body["compose_hash"] = .string(try RequestCheck.composeHash(composeHash))
        body["transaction_hash"] = .string(proof.text)
        var request = CloudRequest.write(
            .post, ["cvms", try RequestCheck.identifier(id), "commit-update"], body: .json(body),
            repetition: .oneTimeToken)
        request.sendsCredential = false
        return try await call(request, as: CommitCvmUpdateResult.self)
    }
}
