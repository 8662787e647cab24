// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON
import TestSupport

/// A call of the client, with an answer that it takes.
struct Call: Sendable {
    let name: String
    /// The status of a success.
    let status: Int
    /// The sample that it takes, by its name in ``CloudSamples``.
    let sample: String
    let run: @Sendable (PhalaCloudClient<V20260121>) async throws(CloudError) -> Void
}

extension Call {
    private typealias Legacy = PhalaCloudClient<V20251028>

    private static func of(
        _ name: String, _ sample: String, status: Int = 200,
        _ run: @escaping @Sendable (PhalaCloudClient<V20260121>) async throws(CloudError) -> some Any
    ) -> Call {
        Call(name: name, status: status, sample: sample) { client throws(CloudError) in _ = try await run(client) }
    }

    /// Every operation; those whose answer depends on the version, in both.
    static let all: [Call] = account + cvms + changes + compose + replicas + kms + state

    private static let account: [Call] = [
        of("currentUser", "CurrentUserV20260121") { c throws(CloudError) in try await c.currentUser() },
        of("currentUser, old", "CurrentUserV20251028") { c throws(CloudError) in
            try await c.withVersion(V20251028.self).currentUser()
        },
    ]

    private static let cvms: [Call] = [
        of("cvms", "HostedCvm") { c throws(CloudError) in try await c.cvms() },
        of("cvmPage", "PaginatedCvmInfosV20260121") { c throws(CloudError) in try await c.cvmPage() },
        of("cvmPage, old", "PaginatedCvmInfosV20251028") { c throws(CloudError) in
            try await c.withVersion(V20251028.self).cvmPage()
        },
        of("allCvms", "PaginatedCvmInfosV20260121") { c throws(CloudError) in
            // The pages of a page that says that there are many more are as many as the fuzzer likes.
            var iterator = c.allCvms().makeAsyncIterator()
            for _ in 0..<20 where try await iterator.next() == nil { return }
        },
        of("cvmInfo", "CvmInfoDetailV20260121") { c throws(CloudError) in try await c.cvmInfo("x") },
        of("cvmInfo, old", "CvmDetailV20251028") { c throws(CloudError) in
            try await c.withVersion(V20251028.self).cvmInfo("x")
        },
    ]

    private static let changes: [Call] = [
        of("updateCvmResources", "CvmInfoDetailV20260121") { c throws(CloudError) in
            try await c.updateCvmResources("x", vcpu: 1)
        },
        of("updateCvmVisibility", "VM") { c throws(CloudError) in try await c.updateCvmVisibility("x", listed: true) },
        of("updateOsImage", "CvmInfoDetailV20260121") { c throws(CloudError) in
            try await c.updateOsImage("x", image: "i")
        },
        of("availableOsImages", "AvailableOsImages") { c throws(CloudError) in try await c.availableOsImages() },
        of("availableOsImages(for:)", "OsImageReleases") { c throws(CloudError) in
            try await c.availableOsImages(for: "x")
        },
        of("refreshCvmInstanceID", "InstanceIdRefreshResult") { c throws(CloudError) in
            try await c.refreshCvmInstanceID("x")
        },
        of("refreshCvmInstanceIDs", "RefreshCvmInstanceIdsResponse") { c throws(CloudError) in
            try await c.refreshCvmInstanceIDs(["x", "y"])
        },
        of("patchCvm", "PatchCvmResult", status: 202) { c throws(CloudError) in
            var patch = CvmPatch()
            patch.vcpu = .value(1)
            return try await c.patchCvm("x", patch)
        },
        of("confirmCvmPatch", "ConfirmCvmPatchResult", status: 202) { c throws(CloudError) in
            try await c.confirmCvmPatch("x", composeHash: CloudSamples.hash, proof: .alreadyRegistered)
        },
        of("updateCvmEnvs", "ProtectedUpdateResult", status: 202) { c throws(CloudError) in
            try await c.updateCvmEnvs("x", encryptedEnv: "00", envKeys: ["A"])
        },
        of("updateDockerCompose", "ProtectedUpdateResult", status: 202) { c throws(CloudError) in
            try await c.updateDockerCompose("x", "services: {}")
        },
        of("updatePreLaunchScript", "ProtectedUpdateResult", status: 202) { c throws(CloudError) in
            try await c.updatePreLaunchScript("x", "true")
        },
    ]

    private static let compose: [Call] = [
        of("composeFile", "AppCompose") { c throws(CloudError) in try await c.composeFile("x") },
        of("provisionCvmComposeFileUpdate", "ProvisionCvmComposeFileUpdateResult") { c throws(CloudError) in
            try await c.provisionCvmComposeFileUpdate("x", appCompose: ["name": "n"])
        },
        of("commitCvmComposeFileUpdate", "CommitCvmComposeFileUpdate", status: 202) { c throws(CloudError) in
            try await c.commitCvmComposeFileUpdate("x", composeHash: CloudSamples.hash)
        },
        of("pendingUpdatePreview", "PendingUpdatePreview") { c throws(CloudError) in
            try await c.pendingUpdatePreview(appID: "a", vmUUID: "v", composeHash: CloudSamples.hash)
        },
    ]

    private static let replicas: [Call] = [
        of("replicateCvm", "VM") { c throws(CloudError) in try await c.replicateCvm(appID: "a", vmUUID: "v") },
        of("commitReplica", "VM") { c throws(CloudError) in
            try await c.commitReplica("x", token: "t", composeHash: CloudSamples.hash, proof: .alreadyRegistered)
        },
        of("commitCvmUpdate", "CommitCvmUpdateResult", status: 202) { c throws(CloudError) in
            try await c.commitCvmUpdate("x", token: "t", composeHash: CloudSamples.hash, proof: .alreadyRegistered)
        },
        of("commitTokenInfo", "CommitTokenInfo") { c throws(CloudError) in
            try await c.commitTokenInfo("x", token: "t")
        },
    ]

    private static let kms: [Call] = [
        of("kmsList", "KmsListResponse") { c throws(CloudError) in try await c.kmsList() },
        of("kms", "KmsInfoLegacy") { c throws(CloudError) in try await c.kms("k") },
        of("envPublicKey", "AppEnvPublicKey") { c throws(CloudError) in
            try await c.envPublicKey(kms: "k", appID: String(repeating: "1f", count: 20))
        },
    ]

    private static let state: [Call] = [
        of("cvmState", "CvmState") { c throws(CloudError) in try await c.cvmState("x") },
        of("operationStatus", "CvmOperationStatus") { c throws(CloudError) in try await c.operationStatus("x") },
        of("operations", "CvmOperationsPage") { c throws(CloudError) in try await c.operations("x") },
    ]
}
