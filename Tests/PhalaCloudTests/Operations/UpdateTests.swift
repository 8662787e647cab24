// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

/// The updates that may have to wait for a hash on chain.
@Suite struct UpdateTests {
    private let hash = Answers.hash

    /// What a caller picks of the answer to an update.
    private struct Tracked: CloudSchema, Decodable {
        let correlationId: String
    }

    private func transaction() throws -> TransactionProof {
        .transaction(try TransactionHash(hex: "0x" + String(repeating: "11", count: 32)))
    }

    @Test func updatePreLaunchScript() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(465, Answers.requirement), .json(202, Answers.inProgress),
            .json(202, "7"), .json(465, Answers.requirement))
        #expect(
            try await client.updatePreLaunchScript("a", "echo ü\n")
                == .inProgress(message: "Update started", correlationID: "c1"))
        guard case .preconditionRequired(let demand) = try await client.updatePreLaunchScript("a", "") else {
            Issue.record("no demand")
            return
        }
        #expect(demand.composeHash == hash && demand.appID == Answers.app)
        #expect(try await client.updatePreLaunchScript("a", "x", as: Tracked.self).correlationId == "c1")
        #expect(try await client.updatePreLaunchScript("a", "x", as: JSON.self) == 7)
        let error = await failure { () async throws(CloudError) in
            try await client.updatePreLaunchScript("a", "x", as: JSON.self)
        }
        guard case .hashRegistrationRequired(demand?, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            transport.wire.prefix(2) == [
                "PATCH /cvms/a/pre-launch-script echo ü\n", "PATCH /cvms/a/pre-launch-script ",
            ])
        #expect(transport.requests.allSatisfy { $0.value(of: "Content-Type") == "text/plain" })
        #expect(transport.requests.allSatisfy { $0.value(of: "X-Compose-Hash") == nil })
    }

    @Test func confirmPreLaunchScript() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(202, Answers.inProgress), .json(202, "7"))
        let confirmed = try await client.confirmPreLaunchScript("a", "x", composeHash: hash, proof: transaction())
        #expect(confirmed.correlationID == "c1")
        _ = try await client.confirmPreLaunchScript(
            "a", "x", composeHash: "0x" + hash, proof: .alreadyRegistered, as: Tracked.self)
        #expect(
            try await client.confirmPreLaunchScript(
                "a", "x", composeHash: hash, proof: .alreadyRegistered, as: JSON.self) == 7)
        #expect(transport.wire == Array(repeating: "PATCH /cvms/a/pre-launch-script x", count: 3))
        #expect(transport.requests.map { $0.value(of: "X-Compose-Hash") } == [hash, "0x" + hash, hash])
        #expect(
            transport.requests.map { $0.value(of: "X-Transaction-Hash") }
                == ["0x" + String(repeating: "11", count: 32), "already-registered", "already-registered"])
    }

    @Test func updateDockerCompose() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(465, Answers.requirement), .json(202, Answers.inProgress),
            .json(202, "7"), .json(202, #"{"status":"no_change","message":"same"}"#))
        #expect(
            try await client.updateDockerCompose("a", "services: {}\n")
                == .inProgress(message: "Update started", correlationID: "c1"))
        guard case .preconditionRequired = try await client.updateDockerCompose("a", "s") else {
            Issue.record("no demand")
            return
        }
        #expect(try await client.updateDockerCompose("a", "s", as: Tracked.self).correlationId == "c1")
        #expect(try await client.updateDockerCompose("a", "s", as: JSON.self) == 7)
        #expect(try await client.updateDockerCompose("a", "s") == .noChange(message: "same"))
        #expect(transport.wire.first == "PATCH /cvms/a/docker-compose services: {}\n")
        #expect(transport.requests.allSatisfy { $0.value(of: "Content-Type") == "text/yaml" })
    }

    @Test func confirmDockerCompose() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(202, Answers.inProgress), .json(202, "7"))
        #expect(
            try await client.confirmDockerCompose("a", "s", composeHash: hash, proof: .alreadyRegistered).correlationID
                == "c1")
        _ = try await client.confirmDockerCompose(
            "a", "s", composeHash: hash, proof: .alreadyRegistered, as: Tracked.self)
        #expect(
            try await client.confirmDockerCompose("a", "s", composeHash: hash, proof: .alreadyRegistered, as: JSON.self)
                == 7)
        #expect(transport.wire == Array(repeating: "PATCH /cvms/a/docker-compose s", count: 3))
        #expect(transport.requests.allSatisfy { $0.value(of: "X-Compose-Hash") == hash })
        #expect(transport.requests.allSatisfy { $0.value(of: "X-Transaction-Hash") == "already-registered" })
    }

    @Test func updateCvmEnvs() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(465, Answers.requirement), .json(202, Answers.inProgress),
            .json(202, "7"))
        #expect(
            try await client.updateCvmEnvs("a", encryptedEnv: "0a0B", envKeys: ["A", "B"])
                == .inProgress(message: "Update started", correlationID: "c1"))
        guard case .preconditionRequired = try await client.updateCvmEnvs("a", encryptedEnv: "0a") else {
            Issue.record("no demand")
            return
        }
        #expect(try await client.updateCvmEnvs("a", encryptedEnv: "0a", as: Tracked.self).correlationId == "c1")
        #expect(try await client.updateCvmEnvs("a", encryptedEnv: "0a", as: JSON.self) == 7)
        #expect(
            transport.wire.prefix(2) == [
                #"PATCH /cvms/a/envs {"encrypted_env":"0a0B","env_keys":["A","B"]}"#,
                #"PATCH /cvms/a/envs {"encrypted_env":"0a"}"#,
            ])
    }

    @Test func confirmCvmEnvs() async throws {
        let (client, transport) = try scripted(
            .json(202, Answers.inProgress), .json(202, Answers.inProgress), .json(202, "7"))
        #expect(
            try await client.confirmCvmEnvs(
                "a", encryptedEnv: "0a", envKeys: ["A"], composeHash: hash, proof: transaction()
            ).correlationID == "c1")
        _ = try await client.confirmCvmEnvs(
            "a", encryptedEnv: "0a", composeHash: hash, proof: .alreadyRegistered, as: Tracked.self)
        #expect(
            try await client.confirmCvmEnvs(
                "a", encryptedEnv: "0a", composeHash: hash, proof: .alreadyRegistered, as: JSON.self) == 7)
        #expect(
            transport.wire.first == #"PATCH /cvms/a/envs {"encrypted_env":"0a","env_keys":["A"],"#
                + #""compose_hash":"\#(hash)","transaction_hash":"0x\#(String(repeating: "11", count: 32))"}"#)
        #expect(transport.requests.allSatisfy { $0.value(of: "X-Compose-Hash") == nil })
    }

    @Test func provisionCvmComposeFileUpdate() async throws {
        let (client, transport) = try scripted(
            .json(200, Answers.provision), .json(200, Answers.provision), .json(200, "7"))
        let compose = try #require(try JSON(parsing: #"{"name":"n","manifest_version":2.0}"#).object)
        let provision = try await client.provisionCvmComposeFileUpdate("a", appCompose: compose)
        #expect(provision.composeHash == hash && provision.kmsInfo?.chainID == 8453)
        #expect(!provision.composeHashRegistered)
        struct Mine: CloudSchema, Decodable { let composeHash: String }
        let mine = try await client.provisionCvmComposeFileUpdate(
            "a", appCompose: compose, updateEnvVars: true, as: Mine.self)
        #expect(mine.composeHash == hash)
        #expect(try await client.provisionCvmComposeFileUpdate("a", appCompose: compose, as: JSON.self) == 7)
        #expect(
            transport.wire.prefix(2) == [
                #"POST /cvms/a/compose_file/provision {"name":"n","manifest_version":2.0}"#,
                #"POST /cvms/a/compose_file/provision {"name":"n","manifest_version":2.0,"update_env_vars":true}"#,
            ])
    }

    @Test func theComposeObjectIsAFieldWhereAnAnswerNamesIt() async throws {
        let wanted = #"{"detail":[{"loc":["body","app_compose"],"msg":"Field required","type":"missing"}]}"#
        let (client, transport) = try scripted(
            .json(422, wanted), .json(200, Answers.provision), .json(200, Answers.provision))
        _ = try await client.provisionCvmComposeFileUpdate("a", appCompose: ["name": "n"])
        _ = try await client.provisionCvmComposeFileUpdate("a", appCompose: ["name": "m"])
        #expect(
            transport.requests.map(\.bodyText)
                == [#"{"name":"n"}"#, #"{"app_compose":{"name":"n"}}"#, #"{"app_compose":{"name":"m"}}"#])
    }

    @Test func commitCvmComposeFileUpdate() async throws {
        let (client, transport) = try scripted(
            .json(202, #"{"correlation_id":"c1"}"#), .raw(202, ""), .raw(202, ""), .json(200, "7"))
        let done = try await client.commitCvmComposeFileUpdate(
            "a", composeHash: hash, encryptedEnv: "0a", envKeys: ["A"], proof: transaction())
        #expect(done.correlationID == "c1")
        #expect(try await client.commitCvmComposeFileUpdate("a", composeHash: hash).correlationID == nil)
        struct Mine: CloudSchema, Decodable { let correlationId: String? }
        #expect(
            try await client.commitCvmComposeFileUpdate("a", composeHash: hash, as: Mine.self).correlationId == nil)
        #expect(try await client.commitCvmComposeFileUpdate("a", composeHash: hash, as: JSON.self) == 7)
        #expect(
            transport.wire.prefix(2) == [
                #"POST /cvms/a/compose_file/commit {"compose_hash":"\#(hash)","encrypted_env":"0a","env_keys":["A"],"#
                    + #""transaction_hash":"0x\#(String(repeating: "11", count: 32))"}"#,
                #"POST /cvms/a/compose_file/commit {"compose_hash":"\#(hash)"}"#,
            ])

        let (live, liveTransport) = try scripted(
            .json(404, Answers.noRoute), .raw(202, ""), .json(465, Answers.requirement))
        _ = try await live.commitCvmComposeFileUpdate("a", composeHash: hash)
        #expect(liveTransport.wire.last == #"PATCH /cvms/a/compose_file {"compose_hash":"\#(hash)"}"#)
        let error = await failure { () async throws(CloudError) in
            try await live.commitCvmComposeFileUpdate("a", composeHash: hash)
        }
        #expect(error?.code == "hash-not-allowed" && liveTransport.requests.count == 3)
    }

    @Test func whatTheServiceWouldRefuseIsNotSent() async throws {
        let (client, transport) = try scripted()
        for wrong in ["", "0x", "abc", "zz"] {
            let error = await failure { () async throws(CloudError) in
                try await client.updateCvmEnvs("a", encryptedEnv: wrong)
            }
            #expect(error == .invalidRequest(.notHex(field: "encrypted_env")), "\(wrong)")
        }
        let name = await failure { () async throws(CloudError) in
            try await client.updateCvmEnvs("a", encryptedEnv: "00", envKeys: ["A", ""])
        }
        #expect(name == .invalidRequest(.emptyText(field: "env_keys")))
        let yaml = await failure { () async throws(CloudError) in try await client.updateDockerCompose("a", "") }
        #expect(yaml == .invalidRequest(.emptyText(field: "docker_compose_file")))
        let compose = await failure { () async throws(CloudError) in
            try await client.provisionCvmComposeFileUpdate("a", appCompose: [:])
        }
        #expect(compose == .invalidRequest(.nothingToChange))
        let commit = await failure { () async throws(CloudError) in
            try await client.commitCvmComposeFileUpdate("a", composeHash: "12")
        }
        #expect(commit == .invalidRequest(.composeHash))
        let script = await failure { () async throws(CloudError) in
            try await client.confirmPreLaunchScript("a", "", composeHash: "x\r\ny: z", proof: .alreadyRegistered)
        }
        #expect(script == .invalidRequest(.composeHash))
        #expect(transport.requests.isEmpty)
    }
}
