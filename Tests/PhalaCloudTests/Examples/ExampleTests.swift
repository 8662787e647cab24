// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import Testing

/// Runs each example of the reference; the answers are the script, the lines are what it asks.
@Suite struct ExampleTests {
    typealias Example = @Sendable (PhalaCloudClient<V20260121>) async throws -> Void

    private func run(
        _ example: Example, _ outcomes: ScriptedTransport.Outcome..., asks expected: [String],
        at location: SourceLocation = #_sourceLocation
    ) async throws {
        let transport = ScriptedTransport(outcomes)
        try await example(try transport.client())
        let asked = transport.requests.map { request in
            let path = request.url.replacing("https://cloud.example/api/v1", with: "")
                .replacing(/&timeout=\d+/, with: "")  // what is left of the time
            return request.method.rawValue + " " + path
        }
        #expect(asked == expected, sourceLocation: location)
    }

    @Test func reading() async throws {
        let cvm = Answers.cvm
        try await run(ReadingExamples.currentUser, .json(200, Answers.user), asks: ["GET /auth/me"])
        try await run(
            ReadingExamples.cvms, .json(200, "[\(Answers.hosted),\(cvm)]"), asks: ["GET /cvms?teepod_id=12"])
        try await run(
            ReadingExamples.cvmPage, .json(200, Answers.page(cvm)), asks: ["GET /cvms/paginated?page=1&page_size=50"])
        try await run(
            ReadingExamples.allCvms, .json(200, Answers.page(cvm)), asks: ["GET /cvms/paginated?page=1&page_size=100"])
        for example: Example in [
            ReadingExamples.cvmInfo, ReadingExamples.callersOwnType, ReadingExamples.rawJSON,
            ReadingExamples.checkedJSON,
        ] {
            try await run(example, .json(200, cvm), asks: ["GET /cvms/my-app"])
        }
        try await run(ReadingExamples.otherVersion, .json(200, Answers.legacyCvm), asks: ["GET /cvms/my-app"])
        try await run(
            ReadingExamples.composeFile, .json(200, #"{"docker_compose_file":"x"}"#),
            asks: ["GET /cvms/my-app/compose_file"])
        try await run(
            ReadingExamples.cvmState, .json(200, #"{"status":"running"}"#), asks: ["GET /cvms/my-app/state"])
        let stream =
            "event: state\ndata: {\"status\":\"starting\"}\n\nevent: complete\ndata: {\"status\":\"running\"}\n\n"
        try await run(
            ReadingExamples.watchCvmState, .raw(200, stream, type: "text/event-stream"),
            asks: ["GET /cvms/my-app/state?target=running&interval=5"])
        try await run(
            ReadingExamples.operationStatus, .json(200, #"{"status":"idle"}"#),
            asks: ["GET /cvms/my-app/operation-status"])
        try await run(
            ReadingExamples.operations, .json(200, #"{"items":[],"total":0}"#),
            asks: ["GET /cvms/my-app/operations?limit=20&start_time=2026-01-21T00%3A00%3A00Z"])
        try await run(
            ReadingExamples.availableOsImages, .json(404, Answers.noRoute), .json(200, "[]"),
            asks: ["GET /os-images", "GET /cvms/my-app/available-os-images"])
    }

    @Test func keys() async throws {
        try await run(
            ReadingExamples.kmsList, .json(200, Answers.page(Answers.kms)),
            asks: ["GET /kms?page=1&page_size=20&is_onchain=true"])
        try await run(ReadingExamples.kms, .json(200, Answers.kms), asks: ["GET /kms/kms-base-prod7"])
        try await run(
            ReadingExamples.envPublicKey,
            .json(200, Answers.legacyCvm.dropLast() + #","kms_info":\#(Answers.kms)}"#),
            .json(200, #"{"public_key":"aa","signature":"bb"}"#),
            asks: ["GET /cvms/my-app", "GET /kms/base-1/pubkey/\(Answers.app)"])
    }

    @Test func settings() async throws {
        try await run(
            SettingsExamples.updateCvmResources, .raw(202, ""), asks: ["PATCH /cvms/my-app/resources"])
        try await run(
            SettingsExamples.updateCvmVisibility, .json(200, Answers.cvm), asks: ["PATCH /cvms/my-app/visibility"])
        try await run(SettingsExamples.updateOsImage, .raw(202, ""), asks: ["PATCH /cvms/my-app/os-image"])
        try await run(
            SettingsExamples.refreshCvmInstanceID, .json(200, Answers.refreshed),
            asks: ["POST /cvms/my-app/refresh-instance-id"])
        try await run(
            SettingsExamples.refreshCvmInstanceIDs, .json(200, Answers.refreshedAll),
            asks: ["POST /cvms/refresh-instance-ids"])
        let cvm = Answers.cvm.dropLast() + #","app_id":"app_1","vm_uuid":"u"}"#
        try await run(
            SettingsExamples.replicateCvm, .json(200, String(cvm)), .json(200, Answers.machine),
            asks: ["GET /cvms/my-app", "POST /apps/app_1/cvms/u/replicas"])
        try await run(
            SettingsExamples.commitReplica, .json(465, Answers.requirement), .json(200, Answers.machine),
            asks: ["POST /apps/app_\(Answers.app)/cvms/8e1b/replicas", "POST /cvms/8e1b/commit-replica"])
        try await run(SettingsExamples.retrying, .json(200, Answers.cvm), asks: ["GET /cvms/my-app"])
        try await run(
            SettingsExamples.lostAnswer, .raw(502, ""), .json(200, #"{"items":[],"total":0}"#),
            asks: ["PATCH /cvms/my-app/resources", "GET /cvms/my-app/operations?limit=1"])
    }

    @Test func updates() async throws {
        let demand = ScriptedTransport.Outcome.json(465, Answers.requirement)
        let done = ScriptedTransport.Outcome.json(202, Answers.inProgress)
        let patch = "PATCH /cvms/my-app"
        try await run(UpdateExamples.patchCvm, demand, asks: [patch])
        try await run(UpdateExamples.confirmCvmPatch, demand, done, asks: [patch, patch])
        try await run(
            UpdateExamples.commitCvmUpdate, demand, done, asks: [patch, "POST /cvms/my-app/commit-update"])
        try await run(
            UpdateExamples.commitTokenInfo, .json(200, "{}"), asks: ["GET /cvms/my-app/commit-update?token=the-token"])
        for (example, route) in [
            (UpdateExamples.updatePreLaunchScript, "pre-launch-script"),
            (UpdateExamples.updateDockerCompose, "docker-compose"), (UpdateExamples.updateCvmEnvs, "envs"),
        ] as [(Example, String)] {
            try await run(example, demand, done, asks: [patch + "/" + route, patch + "/" + route])
        }
        let read = ScriptedTransport.Outcome.json(200, #"{"name":"n"}"#)
        let provision = ScriptedTransport.Outcome.json(200, Answers.provision)
        let file = "/cvms/my-app/compose_file"
        try await run(
            UpdateExamples.provisionCvmComposeFileUpdate, read, provision,
            asks: ["GET " + file, "POST " + file + "/provision"])
        try await run(
            UpdateExamples.commitCvmComposeFileUpdate, read, provision, .raw(202, ""),
            asks: ["GET " + file, "POST " + file + "/provision", "POST " + file + "/commit"])
        try await run(
            UpdateExamples.pendingUpdatePreview, .json(200, "{}"),
            asks: [
                "GET /apps/app_\(Answers.app)/pending-updates/8e1b/"
                    + "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08/preview"
            ])
    }
}
