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
        var request = CloudRequest(
            method: .patch, segments: ["cvms", try Self.checked(id)], body: body, version: .v20260121)
        if prepareOnly { request.headers.append(HTTPHeader("X-Prepare-Only", "true")) }
        let answer = try await send(request)
        guard answer.response.status == 465 else { return try answer.value() }
        return .requiresOnChainHash(try answer.hashRequirement())
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
        let request = CloudRequest(
            method: .patch,
            segments: ["cvms", try Self.checked(id)],
            headers: [
                HTTPHeader("X-Compose-Hash", try Self.checkedHash(composeHash)),
                HTTPHeader("X-Transaction-Hash", proof.text),
            ],
            body: JSONObject(),
            version: .v20260121)
        return try await send(request).value()
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
        body["token"] = .string(try Self.checkedToken(token))
        body["compose_hash"] = .string(try Self.checkedHash(composeHash))
        body["transaction_hash"] = .string(proof.text)
        let request = CloudRequest(
            method: .post, segments: ["cvms", try Self.checked(id), "commit-update"], body: body,
            sendsCredential: false, version: .v20260121)
        return try await send(request).value()
    }

    /// The spelling of a hash, if it is one.
    static func checkedHash(_ spelled: String) throws(CloudError) -> String {
        do { _ = try ComposeHash(spelled: spelled) } catch { throw .invalidRequest(.composeHash) }
        return spelled
    }

    /// A token that can be sent.
    static func checkedToken(_ token: String) throws(CloudError) -> String {
        guard (1...4096).contains(token.utf8.count), token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest(.token)
        }
        return token
    }
}
