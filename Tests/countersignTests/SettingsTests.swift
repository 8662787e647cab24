// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import Testing

@testable import countersign

@Suite("Settings")
struct SettingsTests {
    private func settings(_ arguments: [String] = [], _ variables: [String: String] = [:]) throws -> Settings {
        try Settings(try SharedOptions.parse(arguments), environment: Environment { variables[$0] })
    }

    @Test("Options beat the environment, an empty variable counts as unset")
    func precedence() throws {
        let variables = ["COUNTERSIGN_STORE": "/from/environment", "PHALA_CLOUD_API_PREFIX": ""]
        #expect(try settings(["--store", "/from/option"], variables).storePath == "/from/option")
        #expect(try settings([], variables).storePath == "/from/environment")
        #expect(try settings([], variables).apiURL.text == "https://cloud-api.phala.com/api/v1")
    }

    @Test("The store has its usual place in the state folder; a relative one is ignored")
    func storePlace() throws {
        let usual = "/countersign/operations.sqlite"
        #expect(try settings([], ["XDG_STATE_HOME": "/s", "HOME": "/h"]).storePath == "/s" + usual)
        #expect(try settings([], ["XDG_STATE_HOME": "s", "HOME": "/h"]).storePath == "/h/.local/state" + usual)
        #expect(throws: Stop.self) { try settings().storePath }
    }

    @Test("Plain HTTP is refused but for loopback, unless it is allowed")
    func insecure() throws {
        #expect(try settings(["--api-url", "http://127.0.0.1:8080"]).apiURL.isLoopback)
        let stop = #expect(throws: Stop.self) { try settings(["--api-url", "http://example.com"]).apiURL }
        #expect(stop?.code == .insecureURL)
        let node = #expect(throws: Stop.self) {
            try settings([], ["ETH_RPC_URL": "http://10.0.0.1"]).endpoints(chainID: 1)
        }
        #expect(node?.code == .insecureURL)
        let allowed = ["--api-url", "http://example.com", "--allow-insecure-http"]
        #expect(try settings(allowed).apiURL.origin == "http://example.com")
    }

    @Test("How many endpoints must agree: at least one, at most as many as there are different ones")
    func quorum() throws {
        #expect(try settings().rpcQuorum == nil)
        #expect(try settings(["--rpc-quorum", "2"]).rpcQuorum == 2)
        #expect(throws: Stop.self) { try settings(["--rpc-quorum", "0"]).rpcQuorum }
        let api = try EndpointURL("https://api.example")
        let pair = ["--rpc-url", "https://a.example", "--rpc-url", "https://b.example"]
        let twice = ["--rpc-url", "https://a.example", "--rpc-url", "https://a.example"]
        let provider = try Connections(settings(pair + ["--rpc-quorum", "2"])).chains(namedBy: api)
        #expect(try provider.chain(id: 1, named: nil).endpointName == "https://a.example, https://b.example")
        for bad in [pair + ["--rpc-quorum", "3"], twice + ["--rpc-quorum", "2"], ["--rpc-quorum", "2"]] {
            let stop = #expect(throws: Stop.self) { try Connections(settings(bad)).chains(namedBy: api) }
            #expect(stop?.code == .usage, "\(bad)")
        }
    }

    @Test("Caps are exact decimal numbers")
    func policy() throws {
        let policy = try settings(["--max-fee-gwei", "1.5", "--max-cost-eth", "0.000000000000000001"]).policy
        #expect(policy.maxFeePerGas == 1_500_000_000)
        #expect(policy.maxCost == 1)
        #expect(policy.maxPriorityFeePerGas == nil)
        for bad in ["1e3", "-1", "0.0000000001", "1.", "1,5"] {
            let stop = #expect(throws: Stop.self) { try settings(["--max-fee-gwei=" + bad]).policy }
            #expect(stop?.code == .usage, "\(bad)")
        }
        #expect(throws: Stop.self) { try settings(["--confirmations", "0"]).policy }
    }

    @Test(
        "A bad value is configuration where the file has it, by file and key, and usage where it was typed",
        arguments: [
            ("max-fee-gwei", "abc"), ("max-priority-fee-gwei", "1,5"), ("max-cost-eth", "x"), ("confirmations", "0"),
            ("timeout", "-1"), ("poll-interval", "0"), ("rpc-quorum", "0"),
        ])
    func badValues(_ key: String, _ value: String) throws {
        func read(_ settings: Settings) throws {
            _ = try settings.policy
            _ = try settings.runOptions
            _ = try settings.rpcQuorum
        }
        let folder = try TemporaryFolder()
        let path = try folder.write("config.yaml", "\(key): '\(value)'\n")
        let written = #expect(throws: Stop.self) { try read(try settings(["--config", path])) }
        #expect(written?.code == .config)
        #expect(written?.message.hasPrefix("\(key) in \(path) ") == true)
        let typed = #expect(throws: Stop.self) { try read(try settings(["--\(key)=\(value)", "--config", path])) }
        #expect(typed?.code == .usage)
        #expect(typed?.message.hasPrefix("--\(key) ") == true)
    }

    @Test("The version is checked before anything else; options beat the file")
    func version() throws {
        let folder = try TemporaryFolder()
        let older = ["--config", try folder.write("older.yaml", "api-version: 2025-10-28\n")]
        let bad = ["--config", try folder.write("bad.yaml", "api-version: 2024-01-01\n")]
        #expect(try settings().apiVersion == .v20260121)
        #expect(try settings(older).apiVersion == .v20251028)
        #expect(try settings(bad + ["--api-version", "2026-01-21"]).apiVersion == .v20260121)
        #expect(#expect(throws: Stop.self) { try settings(bad) }?.code == .config)
        #expect(#expect(throws: Stop.self) { try settings(["--api-version", "1"]) }?.code == .usage)
    }

    @Test("A bad URL names the place where it stands")
    func urls() throws {
        let typed = #expect(throws: Stop.self) { try settings(["--api-url", "nonsense"]).apiURL }
        #expect(typed?.message.contains("--api-url") == true)
        let variable = #expect(throws: Stop.self) {
            try settings([], ["ETH_RPC_URL": "nonsense"]).endpoints(chainID: 1)
        }
        #expect(variable?.code == .config)
        #expect(variable?.message.contains("ETH_RPC_URL") == true)
    }

    @Test("Of an operation that is there already only the limits that were typed are new")
    func typedLimits() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("config.yaml", "max-cost-eth: 0.5\nconfirmations: 4\n")
        let chosen = try settings(["--config", path, "--max-fee-gwei", "2"])
        #expect(try chosen.runOptions.terms == Terms(policy: Policy(maxFeePerGas: 2_000_000_000)))
        #expect(try chosen.policy.confirmations == 4)
        let none = try settings(["--config", path])
        #expect(try none.runOptions.terms == nil)
    }

    @Test("Waiting lasts 600 seconds unless told otherwise")
    func waiting() throws {
        #expect(try settings().runOptions == RunOptions(timeout: .seconds(600), pollInterval: nil))
        let options = try settings(["--timeout", "1.5", "--poll-interval", "0.2"]).runOptions
        #expect(options == RunOptions(timeout: .milliseconds(1500), pollInterval: .milliseconds(200)))
        for bad in ["-1", "nan", "1e3", "inf", "99999999999"] {
            #expect(throws: Stop.self, "\(bad)") { try settings(["--timeout=" + bad]).runOptions }
        }
        #expect(throws: Stop.self) { try settings(["--poll-interval", "0"]).runOptions }
    }

    @Test("Endpoints: options, then the variable, then what the file says for the chain")
    func endpoints() throws {
        let variables = ["ETH_RPC_URL": "https://variable.example"]
        let both = ["--rpc-url", "https://a.example", "--rpc-url", "https://b.example"]
        #expect(
            try settings(both, variables).endpoints(chainID: 1).map(\.text) == [
                "https://a.example", "https://b.example",
            ])
        #expect(try settings([], variables).endpoints(chainID: 1).map(\.text) == ["https://variable.example"])
        #expect(try settings().endpoints(chainID: 1).isEmpty)
    }

    @Test("The API key comes from the variable, and never shows")
    func credential() throws {
        let credential = try settings([], ["PHALA_CLOUD_API_KEY": "phak_secret"]).credential
        #expect(credential.map { "\($0)" } == "API key")
        #expect(try settings().credential == nil)
        let stop = #expect(throws: Stop.self) { try settings([], ["PHALA_CLOUD_API_KEY": "a b\u{1}"]).credential }
        #expect(stop?.code == .config)
        #expect(stop?.message.contains("a b") == false)
    }

    @Test("A token stands in for the key: options beat the variable, the variable beats the file; never both")
    func bearerToken() throws {
        let folder = try TemporaryFolder()
        let token = try folder.write("token", "oauth-secret\n")
        let key = try folder.write("key", "phak_secret\n")
        let variables = ["PHALA_CLOUD_API_KEY": "phak_secret"]
        func kind(_ arguments: [String], _ variables: [String: String] = [:]) throws -> String? {
            try settings(arguments, variables).credential.map { "\($0)" }
        }
        #expect(try kind(["--bearer-token-file", token], variables) == "bearer token")
        #expect(try kind(["--api-key-file", key]) == "API key")
        let file = ["--config", try folder.write("config.yaml", "bearer-token-file: \(token)\n")]
        #expect(try kind(file) == "bearer token")
        #expect(try kind(file, variables) == "API key")
        #expect(try kind(file + ["--api-key-file", key]) == "API key")

        let typed = ["--bearer-token-file", token, "--api-key-file", key]
        #expect(#expect(throws: Stop.self) { try kind(typed) }?.code == .usage)
        let both = try folder.write("both.yaml", "bearer-token-file: \(token)\napi-key-file: \(key)\n")
        #expect(#expect(throws: Stop.self) { try kind(["--config", both]) }?.code == .config)
        #expect(try kind(["--config", both], variables) == "API key")
    }

    @Test("A file with a token is checked like every file with a secret, and its text never shows")
    func bearerTokenFile() throws {
        let folder = try TemporaryFolder()
        for (name, text, mode, code) in [
            ("open", "oauth-secret", 0o644, ErrorCode.keyFile), ("empty", " \n", 0o600, .config),
            ("lines", "oauth\nsecret", 0o600, .config),
        ] {
            let path = try folder.write(name, text, mode: mode)
            let stop = #expect(throws: Stop.self) { try settings(["--bearer-token-file", path]).credential }
            #expect(stop?.code == code, "\(name)")
            #expect(stop?.message.contains("oauth") == false)
        }
        let missing = #expect(throws: Stop.self) { try settings(["--bearer-token-file", "/nonexistent"]).credential }
        #expect(missing?.code == .config)
    }

    @Test("A configuration file that is named must be there")
    func missingFile() {
        let stop = #expect(throws: Stop.self) { try settings(["--config", "/nonexistent/config.yaml"]) }
        #expect(stop?.code == .config)
    }
}
