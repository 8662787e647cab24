// SPDX-License-Identifier: Apache-2.0

public import PhalaCloud
import StrictJSON

/// The two phases of each kind of change, as the service documents them.
extension PhalaCloudService {
    /// The first phase: one call that applies the change or asks for a registration; for a compose object, the
    /// provisioning.
    public func prepare(
        _ change: Change, of id: String, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        switch change {
        case .patch(let body):
            try PrepareAnswer(try await client.patchCvm(id, body: body, prepareOnly: prepareOnly))
        case .preLaunchScript(let script):
            try PrepareAnswer(try await client.updatePreLaunchScript(id, script))
        case .envs(let environment):
            try PrepareAnswer(
                try await client.updateCvmEnvs(
                    id, encryptedEnv: environment.encrypted, envKeys: environment.keys))
        case .dockerCompose(let text):
            try PrepareAnswer(try await client.updateDockerCompose(id, text))
        case .composeFile(let object, _):
            // Without the word for it the service keeps the names of the present object.
            .hashNamed(
                try Preparation(
                    try await client.provisionCvmComposeFileUpdate(
                        id, appCompose: object, updateEnvVars: object["allowed_envs"] == nil ? nil : true)))
        case .replica, .call: throw .invalidRequest(.notForTheCloud)
        }
    }

    /// The second phase, without a token: the same call again with hash and proof; a PATCH without its body; for a
    /// compose object, the commit.
    ///
    /// Only the commit can do without a proof; the others then refer to the contract's state.
    public func confirm(
        _ change: Change, of id: String, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String? {
        let shown = proof ?? .alreadyRegistered
        switch change {
        case .patch:
            return try await client.confirmCvmPatch(id, composeHash: spelledHash, proof: shown).correlationID
        case .preLaunchScript(let script):
            return try await client.confirmPreLaunchScript(id, script, composeHash: spelledHash, proof: shown)
                .correlationID
        case .envs(let environment):
            return try await client.confirmCvmEnvs(
                id, encryptedEnv: environment.encrypted, envKeys: environment.keys, composeHash: spelledHash,
                proof: shown
            ).correlationID
        case .dockerCompose(let text):
            return try await client.confirmDockerCompose(id, text, composeHash: spelledHash, proof: shown)
                .correlationID
        case .composeFile(_, let environment):
            return try await client.commitCvmComposeFileUpdate(
                id, composeHash: spelledHash, encryptedEnv: environment?.encrypted, envKeys: environment?.keys,
                proof: proof
            ).correlationID
        case .replica, .call: throw .invalidRequest(.notForTheCloud)
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

    fileprivate init(_ result: ProtectedUpdateResult) throws(CloudError) {
        switch result {
        case .inProgress(_, let correlationID): self = .applied(correlationID: correlationID)
        case .noChange: self = .nothingToChange
        case .preconditionRequired(let requirement): self = .hashNamed(try Preparation(requirement))
        }
    }
}
