// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import Testing

@testable import countersign

@Suite("Configuration file")
struct ConfigurationFileTests {
    @Test("All settings are read; numbers keep their spelling")
    func reads() throws {
        let file = try ConfigurationFile(
            path: "c.yaml",
            text: """
                store: /s.sqlite
                api-url: https://api.example/v1
                api-key-file: /k
                bearer-token-file: /t
                key-file: /o.json
                passphrase-file: /p
                confirmations: 3
                max-fee-gwei: 0.10
                max-priority-fee-gwei: 1
                max-cost-eth: 0.005
                poll-interval: 0.5
                timeout: 60
                allow-insecure-http: true
                chains:
                  8453:
                    rpc-url: [https://one.example, https://two.example]
                  1:
                    rpc-url: https://three.example
                """)
        #expect(file.store == "/s.sqlite")
        #expect(file.apiKeyFile == "/k")
        #expect(file.bearerTokenFile == "/t")
        #expect(file.confirmations == 3)
        #expect(file.maxFeeGwei == "0.10")
        #expect(file.maxCostEther == "0.005")
        #expect(file.timeout == "60")
        #expect(file.allowsInsecureHTTP)
        #expect(file.rpcURLs == [8453: ["https://one.example", "https://two.example"], 1: ["https://three.example"]])
    }

    @Test("An empty file says nothing")
    func empty() throws {
        #expect(try ConfigurationFile(path: "c.yaml", text: "").store == nil)
        #expect(try ConfigurationFile(path: "c.yaml", text: "# nothing\n").store == nil)
    }

    @Test(
        "What is not known or not well-formed is refused, so that a misspelled cap is no cap that is missing",
        arguments: [
            "max-fee-gwe: 1", "- a", "store: [a]", "store: ''", "confirmations: many", "chains: 1",
            "chains: {base: {rpc-url: https://a.example}}", "chains: {1: {url: https://a.example}}",
            "allow-insecure-http: perhaps", "api-key: phak_secret", "a: b: c", "store: a\nstore: b",
        ])
    func refuses(_ text: String) {
        let stop = #expect(throws: Stop.self) { try ConfigurationFile(path: "c.yaml", text: text) }
        #expect(stop?.code == .config)
        #expect(stop?.message.contains("phak_secret") == false)
    }
}
