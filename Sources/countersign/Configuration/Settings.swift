// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// What is in force: options beat the environment, the environment beats the configuration file.
///
/// Values are read when they are asked for, so that a command stumbles only over what it needs.
struct Settings: Sendable {
    /// A passphrase, or the file that holds it.
    enum PassphraseSource: Sendable {
        case file(String)
        case secret(SecretBytes)
    }

    private let options: SharedOptions
    private let environment: Environment
    private let file: ConfigurationFile

    /// Reads the configuration file, if there is one.
    init(_ options: SharedOptions, environment: Environment) throws(Stop) {
        self.options = options
        self.environment = environment
        file = try ConfigurationFile.load(named: options.config ?? environment["COUNTERSIGN_CONFIG"], environment)
    }

    /// The path of the configuration file that was read; `nil` when there is none.
    var configurationPath: String? { file.path }

    /// The path of the store.
    var storePath: String {
        get throws(Stop) {
            if let path = options.store ?? environment["COUNTERSIGN_STORE"] ?? file.store { return path }
            guard let folder = environment.folder("XDG_STATE_HOME", inHome: ".local/state") else {
                throw Stop(
                    .config, "There is no place for the store: neither HOME nor XDG_STATE_HOME is set.",
                    hint: "Give --store.")
            }
            return folder + "/countersign/operations.sqlite"
        }
    }

    /// Base URL of the cloud's API.
    var apiURL: EndpointURL {
        get throws(Stop) {
            let text =
                options.apiURL ?? environment["PHALA_CLOUD_API_PREFIX"] ?? file.apiURL
                ?? PhalaCloudClient.defaultBaseURL
            return try endpoint(text, "API URL")
        }
    }

    /// Version of the cloud's API.
    var apiVersion: CloudVersion {
        get throws(Stop) {
            guard let text = options.apiVersion else { return .v20260121 }
            guard let version = CloudVersion(rawValue: text) else {
                let known = CloudVersion.allCases.map(\.rawValue).joined(separator: ", ")
                throw Stop(.usage, "--api-version \(text) is not known; known are \(known).")
            }
            return version
        }
    }

    /// What the cloud knows the caller by; `nil` when neither a key nor a token is given.
    ///
    /// Options beat the variable, the variable beats the configuration file.
    var credential: CloudCredential? {
        get throws(Stop) {
            let typed = try CredentialFile.only(
                apiKey: options.apiKeyFile, bearerToken: options.bearerTokenFile, .usage, place: "The command line")
            if let typed { return try typed.read() }
            if let key = environment.secret("PHALA_CLOUD_API_KEY") {
                return try CredentialFile.apiKey(key, from: "PHALA_CLOUD_API_KEY")
            }
            return try CredentialFile.only(
                apiKey: file.apiKeyFile, bearerToken: file.bearerTokenFile, .config,
                place: file.path ?? "The configuration"
            )?.read()
        }
    }

    /// The operator's different endpoints of a chain, the preferred first; empty when none is named.
    func endpoints(chainID: UInt64?) throws(Stop) -> [EndpointURL] {
        var urls: [EndpointURL] = []
        for text in rpcTexts(chainID: chainID) {
            let url = try endpoint(text, "RPC URL", allowsUserinfo: true)
            if !urls.contains(url) { urls.append(url) }
        }
        return urls
    }

    /// The endpoints that the configuration file names for chains.
    var endpointsByChain: [UInt64: [EndpointURL]] {
        get throws(Stop) {
            var all: [UInt64: [EndpointURL]] = [:]
            for chainID in file.rpcURLs.keys { all[chainID] = try endpoints(chainID: chainID) }
            return all
        }
    }

    /// How many endpoints must agree on what matters; `nil` when the first that answers is believed.
    var rpcQuorum: Int? {
        get throws(Stop) {
            guard let quorum = options.rpcQuorum ?? file.rpcQuorum else { return nil }
            guard quorum >= 1 else { throw Stop(.usage, "--rpc-quorum must be 1 or more.") }
            return quorum
        }
    }

    /// The path of the key that signs.
    var keyFile: String? { options.keyFile ?? environment["COUNTERSIGN_KEY_FILE"] ?? file.keyFile }

    /// Where the passphrase of the key comes from; `nil` when it has to be asked for.
    var passphrase: PassphraseSource? {
        if let path = options.passphraseFile { return .file(path) }
        if let secret = environment.secret("COUNTERSIGN_PASSPHRASE") { return .secret(secret) }
        return file.passphraseFile.map(PassphraseSource.file)
    }

    /// Whether plain HTTP may leave this machine.
    var allowsInsecureHTTP: Bool { options.allowInsecureHTTP || file.allowsInsecureHTTP }

    /// The limits that the operator sets.
    var policy: Policy {
        get throws(Stop) {
            Policy(
                confirmations: try confirmations,
                maxFeePerGas: try amount(options.maxFeeGwei ?? file.maxFeeGwei, "max-fee-gwei", Wei.fromGwei),
                maxPriorityFeePerGas: try amount(
                    options.maxPriorityFeeGwei ?? file.maxPriorityFeeGwei, "max-priority-fee-gwei", Wei.fromGwei),
                maxCost: try amount(options.maxCostEther ?? file.maxCostEther, "max-cost-eth", Wei.fromEther))
        }
    }

    /// How one invocation works.
    var runOptions: RunOptions {
        get throws(Stop) {
            let timeout = try Seconds.parse(options.timeout ?? file.timeout, "timeout")
            let pause = try Seconds.parse(options.pollInterval ?? file.pollInterval, "poll-interval")
            if let pause, pause < .milliseconds(10) { throw Stop(.usage, "--poll-interval must be 0.01 or more.") }
            return RunOptions(timeout: timeout ?? .seconds(600), pollInterval: pause)
        }
    }

    private var confirmations: UInt64? {
        get throws(Stop) {
            guard let number = options.confirmations ?? file.confirmations else { return nil }
            guard (1...100_000).contains(number) else {
                throw Stop(.usage, "--confirmations must be 1 to 100000; the including block is 1.")
            }
            return number
        }
    }

    private func rpcTexts(chainID: UInt64?) -> [String] {
        if !options.rpcURLs.isEmpty { return options.rpcURLs }
        if let url = environment["ETH_RPC_URL"] { return [url] }
        return chainID.flatMap { file.rpcURLs[$0] } ?? []
    }

    private func endpoint(_ text: String, _ name: String, allowsUserinfo: Bool = false) throws(Stop) -> EndpointURL {
        let url: EndpointURL
        do { url = try EndpointURL(text, allowsUserinfo: allowsUserinfo) } catch { throw Stop(url: name, error) }
        guard url.isProtected || allowsInsecureHTTP else {
            throw Stop(
                .insecureURL, "The \(name) \(url) is http://, which anybody on the way can read and change.",
                hint: "Use https://, or --allow-insecure-http if you know the way.")
        }
        return url
    }

    private func amount(
        _ text: String?, _ name: String, _ parse: (String) -> UInt256?
    ) throws(Stop) -> UInt256? {
        guard let text else { return nil }
        guard let amount = parse(text) else {
            throw Stop(.usage, "--\(name) must be a decimal number that is a whole number of wei, not \(text).")
        }
        return amount
    }
}
