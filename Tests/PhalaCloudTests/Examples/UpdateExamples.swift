// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON

/// The bodies are the examples of the reference; a test compares them.
enum UpdateExamples {
    static func patchCvm(_ client: PhalaCloudClient<V20260121>) async throws {
        var patch = CvmPatch()
        patch.dockerComposeFile = .value("services: {}\n")
        patch.preLaunchScript = .value("")  // clears it
        patch.shutdownTimeout = .null  // without limit
        switch try await client.patchCvm("my-app", patch) {
        case .accepted(let correlationID):
            print("it runs:", correlationID)
        case .noChange:
            print("the CVM is like that already")
        case .requiresOnChainHash(let requirement):
            print("register \(requirement.hash) with \(requirement.appID)")
        }
    }

    static func confirmCvmPatch(_ client: PhalaCloudClient<V20260121>) async throws {
        var patch = CvmPatch()
        patch.publicLogs = .value(false)
        guard case .requiresOnChainHash(let requirement) = try await client.patchCvm("my-app", patch) else { return }
        // … addComposeHash of the app's contract is mined, and then:
        let transaction = try TransactionHash(
            hex: "0x4e3a3754410177e6937ef1f84bba68ea139e8d1a2258c5f85db9f1cd715a1bdd")
        let confirmed = try await client.confirmCvmPatch(
            "my-app", composeHash: requirement.composeHash, proof: .transaction(transaction))
        print(confirmed.correlationID)
    }

    static func commitCvmUpdate(_ client: PhalaCloudClient<V20260121>) async throws {
        var patch = CvmPatch()
        patch.publicLogs = .value(false)
        let result = try await client.patchCvm("my-app", patch, prepareOnly: true)
        guard case .requiresOnChainHash(let requirement) = result, let token = requirement.commitToken else { return }
        // … the owners of the contract register the hash, then anybody who holds the token goes on:
        let committed = try await client.commitCvmUpdate(
            "my-app", token: token, composeHash: requirement.composeHash, proof: .alreadyRegistered)
        print(committed.correlationID, committed.status)
    }

    static func commitTokenInfo(_ client: PhalaCloudClient<V20260121>) async throws {
        let info = try await client.commitTokenInfo("my-app", token: "the-token")
        print(info.composeHash ?? "unknown", info.expiresAt ?? "")
    }

    static func updatePreLaunchScript(_ client: PhalaCloudClient<V20260121>) async throws {
        let script = "#!/bin/sh\necho hello\n"
        switch try await client.updatePreLaunchScript("my-app", script) {
        case .inProgress(_, let correlationID):
            print(correlationID)
        case .noChange:
            print("the CVM has this script already")
        case .preconditionRequired(let requirement):
            // … register the hash, then:
            let confirmed = try await client.confirmPreLaunchScript(
                "my-app", script, composeHash: requirement.composeHash, proof: .alreadyRegistered)
            print(confirmed.correlationID)
        }
    }

    static func updateDockerCompose(_ client: PhalaCloudClient<V20260121>) async throws {
        let yaml = "services: {}\n"
        let result = try await client.updateDockerCompose("my-app", yaml)
        guard case .preconditionRequired(let requirement) = result else { return }
        // … register the hash, then:
        let confirmed = try await client.confirmDockerCompose(
            "my-app", yaml, composeHash: requirement.composeHash, proof: .alreadyRegistered)
        print(confirmed.correlationID)
    }

    static func updateCvmEnvs(_ client: PhalaCloudClient<V20260121>) async throws {
        let encrypted = "c0ffee"
        let result = try await client.updateCvmEnvs("my-app", encryptedEnv: encrypted, envKeys: ["TOKEN"])
        guard case .preconditionRequired(let requirement) = result else { return }
        // … register the hash, then the very same environment:
        let confirmed = try await client.confirmCvmEnvs(
            "my-app", encryptedEnv: encrypted, envKeys: ["TOKEN"], composeHash: requirement.composeHash,
            proof: .alreadyRegistered)
        print(confirmed.correlationID)
    }

    static func provisionCvmComposeFileUpdate(_ client: PhalaCloudClient<V20260121>) async throws {
        var compose = try await client.composeFile("my-app")
        compose["docker_compose_file"] = "services: {}\n"
        let provision = try await client.provisionCvmComposeFileUpdate("my-app", appCompose: compose)
        print(provision.composeHash, provision.composeHashRegistered)
    }

    static func commitCvmComposeFileUpdate(_ client: PhalaCloudClient<V20260121>) async throws {
        let compose = try await client.composeFile("my-app")
        let provision = try await client.provisionCvmComposeFileUpdate("my-app", appCompose: compose)
        // … where the KMS is on a chain, register the hash, then:
        let committed = try await client.commitCvmComposeFileUpdate(
            "my-app", composeHash: provision.composeHash, proof: .alreadyRegistered)
        print(committed.correlationID ?? "it runs")
    }

    static func pendingUpdatePreview(_ client: PhalaCloudClient<V20260121>) async throws {
        let preview = try await client.pendingUpdatePreview(
            appID: "app_1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f", vmUUID: "8e1b",
            composeHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
        print(preview.pendingDockerCompose ?? "unchanged")
    }
}
