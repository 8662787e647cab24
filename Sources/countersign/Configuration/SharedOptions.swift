// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The options that every command takes.
struct SharedOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings in YAML; see the README.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("Where operations are kept.", valueName: "file"))
    var store: String?

    @Option(name: .customLong("api-url"), help: ArgumentHelp("Base URL of the cloud's API.", valueName: "url"))
    var apiURL: String?

    @Option(
        name: .customLong("api-version"),
        help: ArgumentHelp("Version of the cloud's API: 2026-01-21 or 2025-10-28.", valueName: "date"))
    var apiVersion: String?

    @Option(
        name: .customLong("api-key-file"),
        help: ArgumentHelp("File with the API key; or the key in PHALA_CLOUD_API_KEY.", valueName: "file"))
    var apiKeyFile: String?

    @Option(
        name: .customLong("bearer-token-file"),
        help: ArgumentHelp("File with an OAuth token, instead of an API key.", valueName: "file"))
    var bearerTokenFile: String?

    @Option(
        name: .customLong("rpc-url"),
        help: ArgumentHelp("Ethereum endpoint; repeat it for endpoints that stand in.", valueName: "url"))
    var rpcURLs: [String] = []

    @Option(
        name: .customLong("rpc-quorum"),
        help: ArgumentHelp("How many of the endpoints must agree on what matters.", valueName: "number"))
    var rpcQuorum: Int?

    @Option(
        name: .customLong("key-file"),
        help: ArgumentHelp("Key that signs: 64 hex digits, or a keystore of version 3.", valueName: "file"))
    var keyFile: String?

    @Option(
        name: .customLong("passphrase-file"),
        help: ArgumentHelp("Passphrase of the keystore; or in COUNTERSIGN_PASSPHRASE.", valueName: "file"))
    var passphraseFile: String?

    @Option(help: ArgumentHelp("Depth at which a fact of the chain counts.", valueName: "blocks"))
    var confirmations: UInt64?

    @Option(name: .customLong("max-fee-gwei"), help: ArgumentHelp("Cap on maxFeePerGas.", valueName: "gwei"))
    var maxFeeGwei: String?

    @Option(
        name: .customLong("max-priority-fee-gwei"),
        help: ArgumentHelp("Cap on maxPriorityFeePerGas.", valueName: "gwei"))
    var maxPriorityFeeGwei: String?

    @Option(
        name: .customLong("max-cost-eth"),
        help: ArgumentHelp("Cap on what an operation may cost in all.", valueName: "ether"))
    var maxCostEther: String?

    @Option(
        name: .customLong("poll-interval"),
        help: ArgumentHelp("Pause between two looks; adapts to the chain by default.", valueName: "seconds"))
    var pollInterval: String?

    @Option(help: ArgumentHelp("How long to wait in all; 600 by default.", valueName: "seconds"))
    var timeout: String?

    @Flag(name: .customLong("allow-insecure-http"), help: "Let http:// leave this machine.")
    var allowInsecureHTTP = false

    @Flag(help: "JSON lines on standard output.")
    var json = false

    @Flag(help: "Tell more.")
    var verbose = false

    @Flag(name: .customLong("no-color"), help: "No colours.")
    var noColour = false
}
