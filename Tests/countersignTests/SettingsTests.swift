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

    @Test("A configuration file that is named must be there")
    func missingFile() {
        let stop = #expect(throws: Stop.self) { try settings(["--config", "/nonexistent/config.yaml"]) }
        #expect(stop?.code == .config)
    }
}
