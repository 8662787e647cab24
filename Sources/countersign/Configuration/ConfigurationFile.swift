// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import Yams

/// What the configuration file says.
///
/// Its keys are the options without the dashes; `chains` names endpoints.
///
/// ```yaml
/// api-key-file: /home/me/.config/countersign/api-key
/// key-file: /home/me/.config/countersign/owner.json
/// max-cost-eth: 0.005
/// chains:
///   8453:
///     rpc-url: [https://base.example, https://other.example]
/// ```
struct ConfigurationFile: Sendable, Hashable {
    /// Where it was read from; `nil` when there is none.
    private(set) var path: String?

    private(set) var store: String?
    private(set) var apiURL: String?
    private(set) var apiVersion: String?
    private(set) var apiKeyFile: String?
    private(set) var bearerTokenFile: String?
    private(set) var keyFile: String?
    private(set) var passphraseFile: String?
    private(set) var confirmations: UInt64?
    private(set) var maxFeeGwei: String?
    private(set) var maxPriorityFeeGwei: String?
    private(set) var maxCostEther: String?
    private(set) var pollInterval: String?
    private(set) var timeout: String?
    private(set) var allowsInsecureHTTP = false

    /// How many endpoints must agree.
    private(set) var rpcQuorum: Int?

    /// Endpoints by chain id.
    private(set) var rpcURLs: [UInt64: [String]] = [:]

    /// The greatest size of a configuration file, in bytes.
    private static let limit = 256 * 1024

    /// Reads the file that is named, else the one at the usual place if it exists.
    static func load(named name: String?, _ environment: Environment) throws(Stop) -> ConfigurationFile {
        if let name {
            return try ConfigurationFile(path: name, text: try InputFile.text(name, limit: limit, code: .config))
        }
        guard let folder = environment.folder("XDG_CONFIG_HOME", inHome: ".config") else { return ConfigurationFile() }
        let usual = folder + "/countersign/config.yaml"
        guard InputFile.exists(usual) else { return ConfigurationFile() }
        return try ConfigurationFile(path: usual, text: try InputFile.text(usual, limit: limit, code: .config))
    }

    /// No configuration.
    init() {}

    /// Reads the text of a configuration file.
    init(path: String, text: String) throws(Stop) {
        self.path = path
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            throw Stop(.config, "\(path) is not YAML: \(error)", hint: "Correct the file.")
        }
        guard let root else { return }
        guard case .mapping(let members) = root else { throw Self.fault(path, "it must be a mapping of settings") }
        for (key, value) in members { try read(key.string ?? "", value) }
    }

    private mutating func read(_ key: String, _ value: Node) throws(Stop) {
        switch key {
        case "store": store = try text(key, value)
        case "api-url": apiURL = try text(key, value)
        case "api-version": apiVersion = try text(key, value)
        case "api-key-file": apiKeyFile = try text(key, value)
        case "bearer-token-file": bearerTokenFile = try text(key, value)
        case "key-file": keyFile = try text(key, value)
        case "passphrase-file": passphraseFile = try text(key, value)
        case "confirmations": confirmations = try number(key, value)
        case "rpc-quorum": rpcQuorum = Int(clamping: try number(key, value))
        case "max-fee-gwei": maxFeeGwei = try text(key, value)
        case "max-priority-fee-gwei": maxPriorityFeeGwei = try text(key, value)
        case "max-cost-eth": maxCostEther = try text(key, value)
        case "poll-interval": pollInterval = try text(key, value)
        case "timeout": timeout = try text(key, value)
        case "allow-insecure-http":
            guard let flag = value.bool else { throw Self.fault(path, "\(key) must be true or false") }
            allowsInsecureHTTP = flag
        case "chains": try readChains(value)
        case let other:
            throw Self.fault(path, "it has a setting that is not known: \(SafeText.line(other, limit: 60))")
        }
    }

    private mutating func readChains(_ value: Node) throws(Stop) {
        guard case .mapping(let chains) = value else { throw Self.fault(path, "chains must be a mapping of chain ids") }
        for (id, settings) in chains {
            guard let chainID = id.string.flatMap({ UInt64($0) }), case .mapping(let members) = settings else {
                throw Self.fault(path, "chains must hold a mapping for each chain id")
            }
            for (key, value) in members {
                guard key.string == "rpc-url" else {
                    throw Self.fault(path, "of a chain only rpc-url can be set")
                }
                rpcURLs[chainID] = try texts("rpc-url", value)
            }
        }
    }

    private func text(_ key: String, _ value: Node) throws(Stop) -> String {
        guard case .scalar(let scalar) = value, !scalar.string.isEmpty else {
            throw Self.fault(path, "\(key) must be a text that is not empty")
        }
        return scalar.string
    }

    private func texts(_ key: String, _ value: Node) throws(Stop) -> [String] {
        guard case .sequence(let items) = value else { return [try text(key, value)] }
        var texts: [String] = []
        for item in items { texts.append(try text(key, item)) }
        return texts
    }

    private func number(_ key: String, _ value: Node) throws(Stop) -> UInt64 {
        guard let number = UInt64(try text(key, value)) else { throw Self.fault(path, "\(key) must be a whole number") }
        return number
    }

    private static func fault(_ path: String?, _ what: String) -> Stop {
        Stop(.config, "\(path ?? "The configuration") cannot be used: \(what).", hint: "Correct the file.")
    }
}
