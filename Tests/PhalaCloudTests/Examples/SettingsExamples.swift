// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON

/// The bodies are the examples of the reference; a test compares them.
enum SettingsExamples {
    static func updateCvmResources(_ client: PhalaCloudClient<V20260121>) async throws {
        switch try await client.updateCvmResources("my-app", vcpu: 4, memory: 8192, diskSize: 100) {
        case .details(let cvm): print(cvm.resource.memoryInGB?.spelling ?? "")
        case .accepted(let correlationID): print(correlationID ?? "it runs")
        }
    }

    static func updateCvmVisibility(_ client: PhalaCloudClient<V20260121>) async throws {
        switch try await client.updateCvmVisibility("my-app", listed: true) {
        case .details(let cvm): print(cvm.listed)
        case .machine(let machine): print(machine.name)
        }
    }

    static func updateOsImage(_ client: PhalaCloudClient<V20260121>) async throws {
        let result = try await client.updateOsImage("my-app", image: "dstack-0.5.4")
        if case .accepted(let correlationID) = result { print(correlationID ?? "it runs") }
    }

    static func refreshCvmInstanceID(_ client: PhalaCloudClient<V20260121>) async throws {
        let result = try await client.refreshCvmInstanceID("my-app")
        print(result.newInstanceID ?? "unchanged")
    }

    static func refreshCvmInstanceIDs(_ client: PhalaCloudClient<V20260121>) async throws {
        let result = try await client.refreshCvmInstanceIDs(["my-app", "my-other-app"])
        for item in result.items { print(item.identifier ?? "", item.newInstanceID ?? "unchanged") }
    }

    static func replicateCvm(_ client: PhalaCloudClient<V20260121>) async throws {
        let cvm = try await client.cvmInfo("my-app")
        guard let app = cvm.appID, let machine = cvm.vmUUID else { return }
        switch try await client.replicateCvm(appID: app, vmUUID: machine, ReplicaRequest(nodeID: 12)) {
        case .created(let replica):
            print(replica.vmUUID ?? "")
        case .requiresOnChainHash(let requirement):
            print("register", requirement.deviceID ?? "", requirement.composeHash)
        }
    }

    static func commitReplica(_ client: PhalaCloudClient<V20260121>) async throws {
        let result = try await client.replicateCvm(
            appID: "app_1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f", vmUUID: "8e1b", prepareOnly: true)
        guard case .requiresOnChainHash(let requirement) = result, let token = requirement.commitToken else { return }
        // … somebody registers device and hash, then anybody who holds the token goes on:
        let replica = try await client.commitReplica(
            "8e1b", token: token, composeHash: requirement.composeHash, proof: .alreadyRegistered)
        print(replica.name, replica.status)
    }

    static func retrying(_ client: PhalaCloudClient<V20260121>) async throws {
        let patient = client.retrying(RetryPolicy(maximumAttempts: 6, budget: .seconds(90)))
        let cvm = try await patient.cvmInfo("my-app")
        print(cvm.status)
    }

    static func lostAnswer(_ client: PhalaCloudClient<V20260121>) async throws {
        do throws(CloudError) {
            _ = try await client.updateCvmResources("my-app", vcpu: 4)
            return
        } catch {
            print(error.message, error.hint)
            guard error.leavesOutcomeUnknown else { return }
        }
        // The change may run. Look before asking again.
        let newest = try await client.operations("my-app", limit: 1).items.first
        print(newest?.operationType ?? "nothing began", newest?.status ?? "")
    }
}
