// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
public import StrictJSON

extension PhalaCloudClient {
    /// Changes a CVM, first phase (`PATCH /cvms/{id}`).
    ///
    /// A write.
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
    ///
    /// A write.
    public func patchCvm(
        _ id: String, body: JSONObject, prepareOnly: Bool = false
    ) async throws(CloudError) -> PatchCvmResult {
        let request = try Self.patchRequest(id, body, prepareOnly)
        return try await repeating(.write) { () async throws(CloudError) -> PatchCvmResult in
            let answer = try await send(request)
            guard answer.response.status == 465 else { return try answer.value() }
            return .requiresOnChainHash(try answer.hashRequirement())
        }
    }

    /// Changes a CVM, first phase, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}`).
    ///
    /// - Throws: ``CloudError``; the demand to register a hash is `hashRegistrationRequired` here.
    public func patchCvm<Value: CloudSchema>(
        _ id: String, _ patch: CvmPatch, prepareOnly: Bool = false, as type: Value.Type
    ) async throws(CloudError) -> Value {
        do { try patch.validate() } catch { throw .invalidRequest(.patch(error)) }
        return try await call(try Self.patchRequest(id, patch.json, prepareOnly), as: type)
    }

    private static func patchRequest(
        _ id: String, _ body: JSONObject, _ prepareOnly: Bool
    ) throws(CloudError) -> CloudRequest {
        CloudRequest.write(
            .patch, ["cvms", try RequestCheck.identifier(id)],
            headers: prepareOnly ? [.prepareOnly] : [], body: .json(body))
    }

    /// Changes a CVM, second phase: the hash is registered (`PATCH /cvms/{id}` with `X-Compose-Hash` and
    /// `X-Transaction-Hash`).
    ///
    /// A confirmation.
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
        try await confirmCvmPatch(id, composeHash: composeHash, proof: proof, as: ConfirmCvmPatchResult.self)
    }

    /// Changes a CVM, second phase, with the answer as a type of the caller's own, or as `JSON` without any check
    /// (`PATCH /cvms/{id}`).
    public func confirmCvmPatch<Value: CloudSchema>(
        _ id: String, composeHash: String, proof: TransactionProof, as type: Value.Type
    ) async throws(CloudError) -> Value {
        let request = CloudRequest.write(
            .patch, ["cvms", try RequestCheck.identifier(id)],
            headers: try HTTPHeader.registered(composeHash, proof), body: .json(JSONObject()),
            repetition: .confirmation)
        return try await call(request, as: type)
    }
}

extension HTTPHeader {
    /// Asks for a commit token in place of an immediate confirmation.
    static let prepareOnly = HTTPHeader("X-Prepare-Only", "true")

    /// Says in the second phase that a hash is registered.
    static func registered(_ composeHash: String, _ proof: TransactionProof) throws(CloudError) -> [HTTPHeader] {
        [
            HTTPHeader("X-Compose-Hash", try RequestCheck.composeHash(composeHash)),
            HTTPHeader("X-Transaction-Hash", proof.text),
        ]
    }
}
