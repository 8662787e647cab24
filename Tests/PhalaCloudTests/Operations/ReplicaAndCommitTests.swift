// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@Suite struct ReplicaAndCommitTests {
    private let hash = Answers.hash

    @Test func patchCvmAndConfirmCvmPatchAsAnything() async throws {
        struct Tracked: CloudSchema, Decodable { let correlationId: String }
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(202, "7"), .json(465, Answers.requirement),
            .json(202, Answers.inProgress), .json(202, "8"))
        var patch = CvmPatch()
        patch.publicLogs = .value(false)
        patch.shutdownTimeout = .null
        #expect(try await client.patchCvm("a", patch, prepareOnly: true, as: Tracked.self).correlationId == "c1")
        #expect(try await client.patchCvm("a", patch, as: JSON.self) == 7)
        let demand = await failure { [patch] () async throws(CloudError) in
            try await client.patchCvm("a", patch, as: JSON.self)
        }
        #expect(demand?.code == "hash-not-allowed")
        #expect(
            try await client.confirmCvmPatch("a", composeHash: hash, proof: .alreadyRegistered, as: Tracked.self)
                .correlationId == "c1")
        #expect(
            try await client.confirmCvmPatch("a", composeHash: hash, proof: .alreadyRegistered, as: JSON.self) == 8)
        #expect(
            transport.wire == [
                #"PATCH /cvms/a {"public_logs":false,"shutdown_timeout":null}"#,
                #"PATCH /cvms/a {"public_logs":false,"shutdown_timeout":null}"#,
                #"PATCH /cvms/a {"public_logs":false,"shutdown_timeout":null}"#, "PATCH /cvms/a {}", "PATCH /cvms/a {}",
            ])
        #expect(transport.requests.map { $0.value(of: "X-Prepare-Only") } == ["true", nil, nil, nil, nil])
    }

    @Test func patchCvmSendsEveryFieldUnderItsName() async throws {
        var patch = CvmPatch()
        patch.dockerComposeFile = .value("services: {}")
        patch.preLaunchScript = .value("")
        patch.allowedEnvs = .value(["A"])
        patch.publicLogs = .value(true)
        patch.publicSysinfo = .value(false)
        patch.publicTcbinfo = .null
        patch.encryptedEnv = .value("0a")
        patch.userConfig = .value("{}")
        patch.gpus = .value(.count(1, productName: "h100"))
        patch.vcpu = .value(4)
        patch.memory = .value(8192)
        patch.diskSize = .value(100)
        patch.image = .value("dstack-0.5.4")
        patch.shutdownTimeout = .value(605)
        patch.allowForceStop = .value(false)
        let (client, transport) = try scripted(.json(202, Answers.inProgress))
        #expect(try await client.patchCvm("a", patch) == .accepted(correlationID: "c1"))
        let body = """
            {"docker_compose_file":"services: {}","pre_launch_script":"","allowed_envs":["A"],"public_logs":true,\
            "public_sysinfo":false,"public_tcbinfo":null,"encrypted_env":"0a","user_config":"{}",\
            "gpus":{"count":1,"product_name":"h100"},"vcpu":4,"memory":8192,"disk_size":100,"image":"dstack-0.5.4",\
            "shutdown_timeout":605,"allow_force_stop":false}
            """
        #expect(transport.wire == ["PATCH /cvms/a " + body])
    }

    @Test func commitCvmUpdateAsAnything() async throws {
        struct Tracked: CloudSchema, Decodable { let correlationId: String }
        let (client, transport) = try scripted(.json(202, Answers.inProgress), .json(202, "7"))
        #expect(
            try await client.commitCvmUpdate(
                "a", token: "t", composeHash: hash, proof: .alreadyRegistered, as: Tracked.self
            ).correlationId == "c1")
        #expect(
            try await client.commitCvmUpdate(
                "a", token: "t", composeHash: hash, proof: .alreadyRegistered, as: JSON.self) == 7)
        #expect(transport.requests.allSatisfy { $0.value(of: "X-API-Key") == nil })
    }

    @Test func replicateCvm() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.machine), .json(465, Answers.requirement), .json(200, Answers.machine), .json(200, "7"),
            .json(465, Answers.requirement))
        guard
            case .created(let machine) = try await client.replicateCvm(
                appID: "app_1", vmUUID: "u/1",
                ReplicaRequest(nodeID: 3, teepodID: 4, encryptedEnv: "0a", composeHash: hash))
        else {
            Issue.record("no machine")
            return
        }
        #expect(machine.vmUUID == "new")
        guard
            case .requiresOnChainHash(let demand) = try await client.replicateCvm(
                appID: "app_1", vmUUID: "u", prepareOnly: true)
        else {
            Issue.record("no demand")
            return
        }
        #expect(demand.commitToken == "tok")
        struct Mine: CloudSchema, Decodable { let id: Int }
        #expect(try await client.replicateCvm(appID: "app_1", vmUUID: "u", as: Mine.self).id == 7)
        #expect(try await client.replicateCvm(appID: "app_1", vmUUID: "u", as: JSON.self) == 7)
        let error = await failure { () async throws(CloudError) in
            try await client.replicateCvm(appID: "app_1", vmUUID: "u", as: JSON.self)
        }
        #expect(error?.code == "hash-not-allowed")
        #expect(
            transport.wire.prefix(2) == [
                #"POST /apps/app_1/cvms/u%2F1/replicas {"node_id":3,"teepod_id":4,"encrypted_env":"0a","#
                    + #""compose_hash":"\#(hash)"}"#,
                "POST /apps/app_1/cvms/u/replicas {}",
            ])
        #expect(transport.requests.map { $0.value(of: "X-Prepare-Only") } == [nil, "true", nil, nil, nil])
        #expect(transport.requests.allSatisfy { $0.value(of: "X-API-Key") == "phak_test" })
    }

    @Test func replicateCvmByTheOtherRoute() async throws {
        let (client, transport) = try scripted(
            .json(404, Answers.noRoute), .json(465, Answers.requirement), .json(200, Answers.machine))
        _ = try await client.replicateCvm(appID: "app_1", vmUUID: "u", prepareOnly: true)
        _ = try await client.replicateCvm(appID: "app_1", vmUUID: "v")
        #expect(
            transport.wire == [
                "POST /apps/app_1/cvms/u/replicas {}", "POST /cvms/u/replicas {}", "POST /cvms/v/replicas {}",
            ])
        #expect(transport.requests.map { $0.value(of: "X-Prepare-Only") } == ["true", "true", nil])
    }

    @Test func commitReplica() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.machine), .json(200, Answers.machine), .json(200, "7"))
        #expect(
            try await client.commitReplica("a", token: "t", composeHash: hash, proof: .alreadyRegistered).vmUUID
                == "new")
        struct Mine: CloudSchema, Decodable { let id: Int }
        #expect(
            try await client.commitReplica(
                "a", token: "t", composeHash: hash, proof: .alreadyRegistered, as: Mine.self
            ).id == 7)
        #expect(
            try await client.commitReplica(
                "a", token: "t", composeHash: hash, proof: .alreadyRegistered, as: JSON.self) == 7)
        #expect(
            transport.wire.first == #"POST /cvms/a/commit-replica {"token":"t","compose_hash":"\#(hash)","#
                + #""transaction_hash":"already-registered"}"#)
        #expect(
            transport.requests.allSatisfy {
                $0.value(of: "X-API-Key") == nil && $0.value(of: "Authorization") == nil && !$0.isRepeatable
            })
    }

    @Test func commitTokenInfoAsAnything() async throws {
        let (client, transport) = try scripted(.json(200, #"{"compose_hash":"h"}"#), .json(200, "7"))
        struct Mine: CloudSchema, Decodable { let composeHash: String }
        #expect(try await client.commitTokenInfo("a", token: "t", as: Mine.self).composeHash == "h")
        #expect(try await client.commitTokenInfo("a", token: "t", as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "GET /cvms/a/commit-update?token=t", count: 2))
    }

    @Test func aReplicaThatTheServiceWouldRefuseIsNotSent() async throws {
        let (client, transport) = try scripted()
        for (replica, expected) in [
            (
                ReplicaRequest(nodeID: -1),
                CloudRequestError.outOfRange(field: "node_id", value: -1, allowed: 0...2_147_483_647)
            ),
            (ReplicaRequest(encryptedEnv: "x"), .notHex(field: "encrypted_env")),
            (ReplicaRequest(composeHash: "x"), .composeHash),
        ] {
            let error = await failure { () async throws(CloudError) in
                try await client.replicateCvm(appID: "a", vmUUID: "u", replica)
            }
            #expect(error == .invalidRequest(expected))
        }
        for (app, machine, name) in [("", "u", "the app id"), ("a", "..", "the VM's UUID")] {
            let error = await failure { () async throws(CloudError) in
                try await client.replicateCvm(appID: app, vmUUID: machine)
            }
            #expect(error == .invalidRequest(.identifier(name: name)))
        }
        #expect(transport.requests.isEmpty)
    }
}
