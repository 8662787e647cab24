// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import HTTPTransport
import Synchronization

/// Chains over JSON-RPC: the operator's endpoints, or else the one that the cloud names.
public final class EthereumChains: ChainProvider {
    private let urls: [EndpointURL]
    private let transport: any HTTPTransport
    private let trustsLocalNames: Bool
    private let options: HTTPNodeOptions
    private let nodes = Mutex<[UInt64: [String: FailoverNode]]>([:])

    /// - Parameters:
    ///   - urls: the operator's endpoints, the preferred one first; empty uses what the cloud names.
    ///   - trustsLocalNames: whether an endpoint that the cloud names may be on this machine or its network: only when
    ///     the cloud itself is.
    public init(
        urls: [EndpointURL], transport: any HTTPTransport, trustsLocalNames: Bool,
        options: HTTPNodeOptions = HTTPNodeOptions()
    ) {
        self.urls = urls
        self.transport = transport
        self.trustsLocalNames = trustsLocalNames
        self.options = options
    }

    /// The chain with an id.
    ///
    /// - Throws: `config` when there is no endpoint, `insecure-url` when the cloud names one that must not be asked.
    public func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        let key = urls.isEmpty ? endpoint ?? "" : ""
        if let node = nodes.withLock({ $0[id]?[key] }) { return EthereumChain(node, chainID: id) }
        let node = try connect(id: id, named: endpoint)
        nodes.withLock { $0[id, default: [:]][key] = node }
        return EthereumChain(node, chainID: id)
    }

    private func connect(id: UInt64, named endpoint: String?) throws(Failure) -> FailoverNode {
        guard urls.isEmpty else {
            return FailoverNode(urls: urls, chainID: id, transport: transport, options: options)
        }
        guard let endpoint, !endpoint.isEmpty else {
            throw Failure(
                .config, "There is no endpoint of chain \(id): the CVM names none. Nothing was signed.",
                hint: "Give one with --rpc-url.")
        }
        let url: EndpointURL
        do {
            url = try EndpointURL(endpoint)
        } catch {
            throw Failure(
                .notAnRPCEndpoint, "What the CVM names as endpoint of chain \(id) is no usable URL: \(error).",
                hint: "Give an Ethereum endpoint with --rpc-url.")
        }
        guard trustsLocalNames || (url.scheme == .https && url.host.scope == .global) else {
            throw Failure(
                .insecureURL,
                "The CVM names \(url.origin) as endpoint of chain \(id), which is unencrypted or not on the public "
                    + "internet. Nothing was sent there.",
                hint: "Give an endpoint that you trust with --rpc-url.")
        }
        var options = options
        if !trustsLocalNames { options.peers = .publicOnly }
        return FailoverNode(urls: [url], chainID: id, transport: transport, options: options)
    }
}
