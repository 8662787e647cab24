// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// The cloud, the chains and the store, as the settings name them.
///
/// Nothing is opened before it is asked for.
struct Connections: Sendable {
    let settings: Settings

    /// What sends every request.
    let transport: any HTTPTransport

    /// Prepares connections by libcurl, whose requests end with the time that the invocation may take.
    ///
    /// - Parameter time: how long it may take, if that is longer than the settings say.
    init(_ settings: Settings, time: Duration? = nil) throws(Stop) {
        let end = ContinuousClock.now + max(try settings.runOptions.timeout, time ?? .zero)
        var options = CurlTransportOptions()
        options.userAgent = ProgramVersion.userAgent
        options.allowsInsecureHTTP = settings.allowsInsecureHTTP
        self.init(settings, transport: TimeBoundTransport(CurlTransport(options: options), until: end))
    }

    /// Prepares connections by a transport.
    init(_ settings: Settings, transport: any HTTPTransport) {
        self.settings = settings
        self.transport = transport
    }

    /// The cloud's API.
    ///
    /// - Parameter baseURL: where; `nil` is what the settings say.
    func cloud(at baseURL: EndpointURL? = nil, needsKey: Bool = true) throws(Stop) -> PhalaCloudClient<V20260121> {
        let credential = try settings.credential
        let url = if let baseURL { baseURL } else { try settings.apiURL }
        guard credential != nil || !needsKey else {
            throw Stop(
                .config, "There is no API key.",
                hint: "Set PHALA_CLOUD_API_KEY, or name a file with --api-key-file or --bearer-token-file.")
        }
        return PhalaCloudClient(
            baseURL: url, credential: credential ?? .none, transport: transport)
    }

    /// The cloud's API, whose reads are repeated after errors that pass.
    func patientCloud() throws(Stop) -> PhalaCloudClient<V20260121> {
        try cloud().retrying(RetryPolicy())
    }

    /// The chains.
    ///
    /// - Parameter api: the cloud that names endpoints; only a cloud on this machine may name local ones.
    func chains(namedBy api: EndpointURL) throws(Stop) -> any ChainProvider {
        let general = try settings.endpoints(chainID: nil)
        if let quorum = try settings.rpcQuorum, quorum > 1 { return try chains(general, quorum: quorum) }
        let named = EthereumChains(urls: general, transport: transport, trustsLocalNames: api.isLoopback)
        guard general.isEmpty else { return named }
        var configured: [UInt64: any ChainProvider] = [:]
        for (chainID, urls) in try settings.endpointsByChain {
            configured[chainID] = EthereumChains(urls: urls, transport: transport, trustsLocalNames: api.isLoopback)
        }
        return ConfiguredChains(configured: configured, others: named)
    }

    /// The chains by the word of several of the operator's endpoints.
    func chains(_ general: [EndpointURL], quorum: Int) throws(Stop) -> any ChainProvider {
        let byChain = general.isEmpty ? try settings.endpointsByChain : [:]
        guard general.isEmpty, !byChain.isEmpty else {
            do {
                return try QuorumChains(urls: general, quorum: quorum, transport: transport)
            } catch {
                // A number that was not typed is a matter of configuration.
                guard case .file? = settings.rpcQuorumSource else { throw Stop(error) }
                let name = settings.rpcQuorumSource?.name ?? ""
                throw Stop(.config, "\(error.message) It is \(name).", hint: error.hint)
            }
        }
        var configured: [UInt64: any ChainProvider] = [:]
        for (chainID, urls) in byChain {
            do {
                configured[chainID] = try QuorumChains(urls: urls, quorum: quorum, transport: transport)
            } catch {
                // Only an operation on that chain needs to know.
                configured[chainID] = TooFewEndpoints(quorum: quorum)
            }
        }
        return ConfiguredChains(configured: configured, others: TooFewEndpoints(quorum: quorum))
    }

    /// The operator's endpoints as one, the first preferred; `nil` when none is named.
    ///
    /// - Parameter chainID: the chain that they must be of; `nil` takes whatever the first one that answers is of.
    func node(chainID: UInt64?) throws(Stop) -> FailoverNode? {
        let urls = try settings.endpoints(chainID: chainID)
        return urls.isEmpty ? nil : FailoverNode(urls: urls, chainID: chainID, transport: transport)
    }

    /// The operator's endpoints, which the command cannot do without.
    func requiredNode(chainID: UInt64?) throws(Stop) -> FailoverNode {
        guard let node = try node(chainID: chainID) else {
            throw Stop(.config, "No endpoint of the chain is named.", hint: "Give --rpc-url or ETH_RPC_URL.")
        }
        return node
    }

    /// The locks of the store's operations.
    func locks() throws(Stop) -> LockFolder { LockFolder(storePath: try settings.storePath) }

    /// The engine over the store.
    func engine(
        api: EndpointURL, store: any OperationStore, signer: (any Signer)?, reporter: ProgressReporter,
        needsKey: Bool = true
    ) throws(Stop) -> Engine {
        Engine(
            store: store, locks: try locks(),
            cloud: PhalaCloudService(try cloud(at: api, needsKey: needsKey)), chains: try chains(namedBy: api),
            signer: signer, watcher: reporter.watch)
    }

    /// What finds and verifies the keys that environments are encrypted for.
    func kmsVerifier(
        at api: EndpointURL, pins: any KmsPinStore, acceptedSigner: PublicKey?
    ) throws(Stop) -> KmsVerifier {
        KmsVerifier(
            cloud: try cloud(at: api).retrying(RetryPolicy()), apiURL: api.text, chains: try chains(namedBy: api),
            pins: pins, acceptedSigner: acceptedSigner, policy: try settings.policy)
    }

    /// Who signs for which KMS, as far as it is known; no store is made for it.
    func existingPins() throws(Stop) -> any KmsPinStore {
        if let store = try existingStore() { store } else { NoStore() }
    }

    /// Keeps who signs for a KMS from now on.
    func keep(_ pin: KmsPin?) async throws {
        guard let pin else { return }
        let kept = try await store().keep(pin)
        guard kept.signer == pin.signer, kept.source == pin.source || kept.source == .named else {
            throw Stop(
                .kmsSignerMismatch, "Meanwhile another process has come to know another signer of KMS \(pin.kmsID).",
                hint: "Look at both, and run 'countersign kms forget \(pin.kmsID)' if the new one is right.")
        }
    }

    /// The store; made where it is missing.
    func store() throws(Stop) -> SQLiteStore {
        let path = try settings.storePath
        let patience = try patience
        do { return try SQLiteStore(path: path, patience: patience) } catch { throw Stop(error.failure) }
    }

    /// The store; `nil` where there is none yet.
    func existingStore() throws(Stop) -> SQLiteStore? {
        let path = try settings.storePath
        let patience = try patience
        do { return try SQLiteStore.existing(path: path, patience: patience) } catch { throw Stop(error.failure) }
    }

    /// How long a call of the store waits for another process that holds it: not longer than the invocation may.
    private var patience: Duration {
        get throws(Stop) { min(.seconds(30), try settings.runOptions.timeout) }
    }
}

/// Endpoints that the configuration names for some chains.
struct ConfiguredChains: ChainProvider {
    let configured: [UInt64: any ChainProvider]
    let others: any ChainProvider

    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        try (configured[id] ?? others).chain(id: id, named: endpoint)
    }
}

/// A chain for which fewer endpoints are configured than have to agree.
struct TooFewEndpoints: ChainProvider {
    let quorum: Int

    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        throw Failure(
            .config,
            "\(quorum) endpoints have to agree, and for chain \(id) fewer different ones are configured. Nothing was "
                + "signed.",
            hint: "Name more under chains in the configuration, or give --rpc-url several times.")
    }
}
