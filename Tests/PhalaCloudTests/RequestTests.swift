// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct RequestTests {
    private let hash = String(repeating: "Ab", count: 32)

    private func transaction() throws -> TransactionHash {
        try TransactionHash(hex: "0x" + String(repeating: "11", count: 32))
    }

    @Test func readsCarryVersionAndKeyAndMayBeRepeated() async throws {
        let (client, transport) = try scripted(.json(200, "{\"status\":\"running\"}"))
        #expect(try await client.cvmState("my-app").status == "running")
        let request = try #require(transport.requests.first)
        #expect(request.method == .get)
        #expect(request.url == "https://cloud.example/api/v1/cvms/my-app/state")
        #expect(request.value(of: "X-Phala-Version") == "2026-01-21")
        #expect(request.value(of: "X-API-Key") == "phak_test")
        #expect(request.value(of: "Accept") == "application/json")
        #expect(request.body == nil && request.isRepeatable)
    }

    @Test func aBearerTokenGoesIntoAuthorization() async throws {
        let (client, transport) = try scripted(.json(200, "{}"), credential: .bearer("abc.def"))
        _ = try await client.composeFile("x")
        #expect(transport.requests.first?.value(of: "Authorization") == "Bearer abc.def")
        #expect(transport.requests.first?.value(of: "X-API-Key") == nil)
    }

    @Test func identifiersAreOneEncodedPathSegment() async throws {
        let (client, transport) = try scripted(.json(200, "{}"))
        _ = try await client.composeFile("a/../b?x=ü#%")
        #expect(
            transport.requests.first?.url
                == "https://cloud.example/api/v1/cvms/a%2F..%2Fb%3Fx%3D%C3%BC%23%25/compose_file")
    }

    @Test(arguments: ["", ".", "..", "a\nb", "a\u{7f}", String(repeating: "x", count: 257)])
    func identifiersThatCannotBeOneAreNotSent(id: String) async throws {
        let (client, transport) = try scripted(.json(200, "{}"))
        let error = await failure { () async throws(CloudError) in try await client.cvmInfo(id) }
        #expect(error == .invalidRequest(.identifier(name: "the CVM identifier")))
        #expect(transport.requests.isEmpty)
    }

    @Test func patchSendsTheBodyOnceAndUnrepeatable() async throws {
        let (client, transport) = try scripted(.json(202, #"{"correlation_id":"c1"}"#))
        var patch = CvmPatch()
        patch.preLaunchScript = .value("")
        patch.vcpu = .value(2)
        #expect(try await client.patchCvm("cvm_1", patch) == .accepted(correlationID: "c1"))
        let request = try #require(transport.requests.first)
        #expect(request.method == .patch && !request.isRepeatable)
        #expect(request.url == "https://cloud.example/api/v1/cvms/cvm_1")
        #expect(request.bodyText == #"{"pre_launch_script":"","vcpu":2}"#)
        #expect(request.value(of: "Content-Type") == "application/json")
        #expect(request.value(of: "X-Prepare-Only") == nil)
        #expect(transport.requests.count == 1)
    }

    @Test func prepareOnlyIsAHeader() async throws {
        let (client, transport) = try scripted(.json(202, #"{"status":"no_change"}"#))
        let body = try #require(try JSON(parsing: #"{"vcpu":2}"#).object)
        #expect(try await client.patchCvm("cvm_1", body: body, prepareOnly: true) == .noChange)
        #expect(transport.requests.first?.value(of: "X-Prepare-Only") == "true")
    }

    @Test func aPatchThatBreaksALimitIsNotSent() async throws {
        let (client, transport) = try scripted(.json(202, "{}"))
        let error = await failure { () async throws(CloudError) in try await client.patchCvm("cvm_1", CvmPatch()) }
        #expect(error == .invalidRequest(.patch(.empty)))
        #expect(error?.code == "bad-input" && error?.leavesOutcomeUnknown == false)
        #expect(transport.requests.isEmpty)
    }

    @Test func confirmSendsTheHashAsItWasSpelledAndAnEmptyObject() async throws {
        let (client, transport) = try scripted(
            .json(202, #"{"correlation_id":"c2"}"#), .json(202, #"{"correlation_id":"c3"}"#))
        let first = try await client.confirmCvmPatch("cvm_1", composeHash: hash, proof: .transaction(transaction()))
        #expect(first.correlationID == "c2")
        _ = try await client.confirmCvmPatch("cvm_1", composeHash: "0x" + hash, proof: .alreadyRegistered)
        let requests = transport.requests
        #expect(requests.allSatisfy { $0.method == .patch && $0.bodyText == "{}" && !$0.isRepeatable })
        #expect(requests.map { $0.value(of: "X-Compose-Hash") } == [hash, "0x" + hash])
        #expect(
            requests.map { $0.value(of: "X-Transaction-Hash") } == [try transaction().hex, "already-registered"])
        #expect(requests.allSatisfy { $0.value(of: "X-API-Key") == "phak_test" })
    }

    @Test func commitSendsTheTokenAndNoKey() async throws {
        let (client, transport) = try scripted(.json(202, #"{"correlation_id":"c4","status":"in_progress"}"#))
        let result = try await client.commitCvmUpdate(
            "cvm_1", token: "tok", composeHash: hash, proof: .transaction(transaction()))
        #expect(result.correlationID == "c4" && result.status == "in_progress")
        let request = try #require(transport.requests.first)
        #expect(request.method == .post && !request.isRepeatable)
        #expect(request.url == "https://cloud.example/api/v1/cvms/cvm_1/commit-update")
        #expect(
            request.bodyText
                == #"{"token":"tok","compose_hash":"\#(hash)","transaction_hash":"\#(try transaction().hex)"}"#)
        #expect(request.value(of: "X-API-Key") == nil && request.value(of: "Authorization") == nil)
    }

    @Test func whatIsNoHashOrTokenIsNotSent() async throws {
        let (client, transport) = try scripted()
        for wrong in ["", "0x", "zz", hash + "00", hash + "\r\nX-Evil: 1"] {
            let error = await failure { () async throws(CloudError) in
                try await client.confirmCvmPatch("cvm_1", composeHash: wrong, proof: .alreadyRegistered)
            }
            #expect(error == .invalidRequest(.composeHash))
        }
        for wrong in ["", "a\nb"] {
            let error = await failure { () async throws(CloudError) in
                try await client.commitCvmUpdate(
                    "cvm_1", token: wrong, composeHash: hash, proof: .alreadyRegistered)
            }
            #expect(error == .invalidRequest(.token))
        }
        #expect(transport.requests.isEmpty)
    }

    @Test func operationsAreAskedForByTimeAndPage() async throws {
        let page = """
            {"items":[{"correlation_id":"c","operation_type":"compose_update","target_state":"running",\
            "triggered_by":1,"started_at":"2026-01-01T00:00:00Z","status":"completed","sub_operations":[],"events":[],\
            "instance_name":"a","compose_hash":null}],"next_cursor":"n","total":9}
            """
        let (client, transport) = try scripted(.json(200, page))
        let answer = try await client.operations("cvm_1", since: "2026-01-01T00:00:00+00:00", limit: 500, cursor: "a=b")
        #expect(answer.nextCursor == "n" && answer.items.map(\.correlationID) == ["c"])
        #expect(answer.items.first?.json["instance_name"] == "a")
        #expect(
            transport.requests.first?.url == "https://cloud.example/api/v1/cvms/cvm_1/operations?limit=500"
                + "&start_time=2026-01-01T00%3A00%3A00%2B00%3A00&cursor=a%3Db")
    }

    @Test func previewAndTokenLookUpNameWhatTheyAreAbout() async throws {
        let (client, transport) = try scripted(
            .json(200, #"{"pending_docker_compose":"x"}"#), .json(200, #"{"compose_hash":"00"}"#))
        let preview = try await client.pendingUpdatePreview(appID: "app_1", vmUUID: "u", composeHash: hash)
        #expect(preview.pendingDockerCompose == "x" && preview.currentDockerCompose == nil)
        _ = try await client.commitTokenInfo("cvm_1", token: "t&k")
        #expect(
            transport.requests.map(\.url) == [
                "https://cloud.example/api/v1/apps/app_1/pending-updates/u/\(hash)/preview",
                "https://cloud.example/api/v1/cvms/cvm_1/commit-update?token=t%26k",
            ])
        #expect(transport.requests.last?.value(of: "X-API-Key") == nil)
    }
}

@Suite struct CloudCredentialTests {
    @Test func aCredentialIsNeverPrinted() throws {
        let key = try CloudCredential.apiKey("  phak_secret\r\n")
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] { #expect(!text.contains("secret")) }
    }

    @Test func aCredentialCannotEndItsHeaderField() {
        #expect(throws: CloudCredentialError.empty) { try CloudCredential.apiKey(" \n") }
        #expect(throws: CloudCredentialError.invalidCharacter) { try CloudCredential.apiKey("a\r\nX-Evil: 1") }
        #expect(throws: CloudCredentialError.invalidCharacter) { try CloudCredential.bearer("ä") }
        #expect(throws: CloudCredentialError.tooLong) {
            try CloudCredential.bearer(String(repeating: "x", count: 8193))
        }
    }
}
