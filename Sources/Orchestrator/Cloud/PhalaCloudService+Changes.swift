// SPDX-License-Identifier: Apache-2.0

public import PhalaCloud

/// The two phases of each kind of change, as the service documents them.
extension PhalaCloudService {
    /// The first phase.
    public func prepare(
        _ change: Change, of id: String, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        switch change {
        case .patch(let body):
            return try PrepareAnswer(try await client.patchCvm(id, body: body, prepareOnly: prepareOnly))
        case .preLaunchScript, .envs, .dockerCompose, .composeFile:
            throw .invalidRequest(.token)
        }
    }

    /// The second phase, without a token.
    public func confirm(
        _ change: Change, of id: String, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String? {
        switch change {
        case .patch:
            return try await client.confirmCvmPatch(id, composeHash: spelledHash, proof: proof ?? .alreadyRegistered)
                .correlationID
        case .preLaunchScript, .envs, .dockerCompose, .composeFile:
            throw .invalidRequest(.token)
        }
    }
}

extension PrepareAnswer {
    fileprivate init(_ result: PatchCvmResult) throws(CloudError) {
        switch result {
        case .accepted(let correlationID): self = .applied(correlationID: correlationID)
        case .noChange: self = .nothingToChange
        case .requiresOnChainHash(let requirement): self = .hashNamed(try Preparation(requirement))
        }
    }
}
