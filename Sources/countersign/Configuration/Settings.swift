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
    ///
    /// The version is checked at once: commands that speak only one would pass a wrong one over.
    init(_ options: SharedOptions, environment: Environment) throws(Stop) {
        self.options = options
        self.environment = environment
        file = try ConfigurationFile.load(named: options.config ?? environment["COUNTERSIGN_CONFIG"], environment)
        _ = try apiVersion
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
            let variable = "PHALA_CLOUD_API_PREFIX"
            let setting =
                options.apiURL.map { Setting(value: $0, source: .option("api-url")) }
                ?? environment[variable].map { Setting(value: $0, source: .variable(variable)) }
                ?? setting("api-url", nil, file.apiURL)
                ?? Setting(value: PhalaCloudClient.defaultBaseURL, source: .option("api-url"))
            return try endpoint(setting, "API URL")
        }
    }

    /// Version of the cloud's API.
    var apiVersion: CloudVersion {
        get throws(Stop) {
            guard let setting = setting("api-version", options.apiVersion, file.apiVersion) else { return .v20260121 }
            guard let version = CloudVersion(rawValue: setting.value) else {
                let known = CloudVersion.allCases.map(\.rawValue).joined(separator: ", ")
                throw setting.source.stop("must be one of \(known), not \(SafeText.line(setting.value, limit: 60))")
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
        for setting in rpcSettings(chainID: chainID) {
            let url = try endpoint(setting, "RPC URL", allowsUserinfo: true)
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
            guard let setting = rpcQuorumSetting else { return nil }
            guard setting.value >= 1 else { throw setting.source.stop("must be 1 or more, not \(setting.value)") }
            return setting.value
        }
    }

    /// Where ``rpcQuorum`` comes from.
    var rpcQuorumSource: SettingSource? { rpcQuorumSetting?.source }

    private var rpcQuorumSetting: Setting<Int>? { setting("rpc-quorum", options.rpcQuorum, file.rpcQuorum) }

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
        get throws(Stop) { try policy(else: file) }
    }

    /// What was typed, or else what a file says, of the limits.
    private func policy(else file: ConfigurationFile) throws(Stop) -> Policy {
        Policy(
            confirmations: try confirmations(setting("confirmations", options.confirmations, file.confirmations)),
            maxFeePerGas: try amount(setting("max-fee-gwei", options.maxFeeGwei, file.maxFeeGwei), Wei.fromGwei),
            maxPriorityFeePerGas: try amount(
                setting("max-priority-fee-gwei", options.maxPriorityFeeGwei, file.maxPriorityFeeGwei), Wei.fromGwei),
            maxCost: try amount(setting("max-cost-eth", options.maxCostEther, file.maxCostEther), Wei.fromEther))
    }

    /// How one invocation works.
    ///
    /// An operation has limits of its own: for one that is there already only what was typed is new.
    var runOptions: RunOptions {
        get throws(Stop) {
            let timeout = try Seconds.parse(setting("timeout", options.timeout, file.timeout))
            let interval = setting("poll-interval", options.pollInterval, file.pollInterval)
            let pause = try Seconds.parse(interval)
            if let interval, let pause, pause < .milliseconds(10) {
                throw interval.source.stop("must be 0.01 or more")
            }
            let typed = try policy(else: ConfigurationFile())
            return RunOptions(
                timeout: timeout ?? .seconds(600), pollInterval: pause,
                terms: typed == Policy() ? nil : Terms(policy: typed))
        }
    }

    /// How one invocation works that states an intent: what it says holds, also where the same was asked for before.
    func runOptions(for intent: Intent) throws(Stop) -> RunOptions {
        var options = try runOptions
        options.terms = Terms(of: intent)
        return options
    }

    private func confirmations(_ setting: Setting<UInt64>?) throws(Stop) -> UInt64? {
        guard let setting else { return nil }
        guard (1...100_000).contains(setting.value) else {
            throw setting.source.stop("must be 1 to 100000, not \(setting.value); the including block is 1")
        }
        return setting.value
    }

    /// What was typed, or else what the file says.
    private func setting<Value>(_ name: String, _ typed: Value?, _ written: Value?) -> Setting<Value>? {
        typed.map { Setting(value: $0, source: .option(name)) }
            ?? written.map { Setting(value: $0, source: .file(file.path ?? "the configuration", key: name)) }
    }

    private func rpcSettings(chainID: UInt64?) -> [Setting<String>] {
        if !options.rpcURLs.isEmpty {
            return options.rpcURLs.map { Setting(value: $0, source: .option("rpc-url")) }
        }
        let variable = "ETH_RPC_URL"
        if let url = environment[variable] { return [Setting(value: url, source: .variable(variable))] }
        return chainID.flatMap { file.rpcURLs[$0] }.map { $0.compactMap { setting("rpc-url", nil, $0) } } ?? []
    }

    private func endpoint(
        _ setting: Setting<String>, _ what: String, allowsUserinfo: Bool = false
    ) throws(Stop) -> EndpointURL {
        let name = "\(what) (\(setting.source.name))"
        let url: EndpointURL
        do { url = try EndpointURL(setting.value, allowsUserinfo: allowsUserinfo) } catch {
            throw Stop(url: name, error)
        }
        guard url.isProtected || allowsInsecureHTTP else {
            throw Stop(
                .insecureURL, "The \(name) \(url) is http://, which anybody on the way can read and change.",
                hint: "Use https://, or --allow-insecure-http if you know the way.")
        }
        return url
    }

    private func amount(
        _ setting: Setting<String>?, _ parse: (String) -> UInt256?
    ) throws(Stop) -> UInt256? {
        guard let setting else { return nil }
        guard let amount = parse(setting.value) else {
            throw setting.source.stop(
                "must be a decimal number that is a whole number of wei, not \(SafeText.line(setting.value, limit: 60))"
            )
        }
        return amount
    }
}
