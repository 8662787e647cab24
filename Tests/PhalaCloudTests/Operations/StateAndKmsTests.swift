// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct StateAndKmsTests {
    @Test func cvmState() async throws {
        let (client, transport) = try scripted(
            .json(200, #"{"status":"running"}"#), .json(200, Answers.cvm), .json(200, "7"))
        #expect(try await client.cvmState("a").status == "running")
        #expect(try await client.cvmState("a", as: PickedCvm.self).status == "running")
        #expect(try await client.cvmState("a", as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "GET /cvms/a/state", count: 3))
    }

    @Test func operationStatus() async throws {
        let (client, transport) = try scripted(
            .json(200, #"{"status":"idle"}"#), .json(200, #"{"status":"idle"}"#), .json(200, "7"))
        #expect(try await client.operationStatus("a").status == "idle")
        struct Mine: CloudSchema, Decodable { let status: String }
        #expect(try await client.operationStatus("a", as: Mine.self).status == "idle")
        #expect(try await client.operationStatus("a", as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "GET /cvms/a/operation-status", count: 3))
    }

    @Test func operations() async throws {
        let (client, transport) = try scripted(
            .json(200, #"{"items":[],"next_cursor":null,"total":0}"#), .json(200, #"{"total":0}"#), .json(200, "7"))
        #expect(try await client.operations("a").items.isEmpty)
        struct Mine: CloudSchema, Decodable { let total: Int }
        #expect(try await client.operations("a", limit: 500, as: Mine.self).total == 0)
        #expect(try await client.operations("a", cursor: "c", as: JSON.self) == 7)
        #expect(
            transport.wire == [
                "GET /cvms/a/operations?limit=50", "GET /cvms/a/operations?limit=500",
                "GET /cvms/a/operations?limit=50&cursor=c",
            ])
        for limit in [0, 501] {
            let error = await failure { () async throws(CloudError) in try await client.operations("a", limit: limit) }
            #expect(error == .invalidRequest(.outOfRange(field: "limit", value: limit, allowed: 1...500)))
        }
    }

    @Test func pendingUpdatePreviewAsAnything() async throws {
        let (client, transport) = try scripted(.json(200, #"{"pending_docker_compose":"x"}"#), .json(200, "7"))
        struct Mine: CloudSchema, Decodable { let pendingDockerCompose: String }
        let hash = Answers.hash
        #expect(
            try await client.pendingUpdatePreview(appID: "a", vmUUID: "u", composeHash: hash, as: Mine.self)
                .pendingDockerCompose == "x")
        #expect(
            try await client.pendingUpdatePreview(appID: "a", vmUUID: "u", composeHash: hash, as: JSON.self) == 7)
        #expect(
            transport.wire == Array(repeating: "GET /apps/a/pending-updates/u/\(hash)/preview", count: 2))
    }

    @Test func kmsList() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.page(Answers.kms)), .json(200, Answers.page(Answers.kms)), .json(200, "7"))
        #expect(try await client.kmsList().items.map(\.slug) == ["base-1"])
        struct Mine: CloudSchema, Decodable {
            struct Kms: Decodable { let id: String }
            let items: [Kms]
        }
        #expect(try await client.kmsList(page: 2, pageSize: 100, isOnchain: true, as: Mine.self).items.count == 1)
        #expect(try await client.kmsList(isOnchain: false, as: JSON.self) == 7)
        #expect(
            transport.wire == [
                "GET /kms?page=1&page_size=20", "GET /kms?page=2&page_size=100&is_onchain=true",
                "GET /kms?page=1&page_size=20&is_onchain=false",
            ])
        let error = await failure { () async throws(CloudError) in try await client.kmsList(pageSize: 101) }
        #expect(error == .invalidRequest(.outOfRange(field: "page_size", value: 101, allowed: 1...100)))
    }

    @Test func kms() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.kms), .json(200, Answers.kms), .json(200, "7"))
        #expect(try await client.kms("base-1").chainID == 8453)
        struct Mine: CloudSchema, Decodable { let chainId: UInt64 }
        #expect(try await client.kms("base-1", as: Mine.self).chainId == 8453)
        #expect(try await client.kms("base-1", as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "GET /kms/base-1", count: 3))
    }

    @Test func envPublicKey() async throws {
        let key = #"{"public_key":"aa","signature":"bb","timestamp":1}"#
        let (client, transport) = try scripted(.json(200, key), .json(200, key), .json(200, "7"))
        #expect(try await client.envPublicKey(kms: "base-1", appID: Answers.app).publicKey == "aa")
        struct Mine: CloudSchema, Decodable { let signature: String }
        #expect(try await client.envPublicKey(kms: "base-1", appID: Answers.app, as: Mine.self).signature == "bb")
        #expect(try await client.envPublicKey(kms: "base-1", appID: Answers.app, as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "GET /kms/base-1/pubkey/\(Answers.app)", count: 3))
    }
}
