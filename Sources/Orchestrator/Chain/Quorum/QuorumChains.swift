// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import HTTPTransport
import Synchronization

/// Chains over JSON-RPC whose facts count only if a number of the operator's endpoints agree on them.
///
/// What the cloud names as endpoint is never asked.
public final class QuorumChains: ChainProvider {
    private let urls: [EndpointURL]
    private let quorum: Int
    private let transport: any HTTPTransport
    private let options: HTTPNodeOptions
    private let chains = Mutex<[UInt64: QuorumChain]>([:])

    /// Takes the operator's endpoints.
    ///
    /// - Parameters:
    ///   - urls: the endpoints; one that is named twice has one voice.
    ///   - quorum: how many must agree, from 1 to the number of different endpoints.
    /// - Throws: `usage` when fewer than one or more than all would have to agree.
    public init(
        urls: [EndpointURL], quorum: Int, transport: any HTTPTransport, options: HTTPNodeOptions = HTTPNodeOptions()
    ) throws(Failure) {
        var different: [EndpointURL] = []
        for url in urls where !different.contains(where: { $0.text == url.text }) { different.append(url) }
        guard quorum >= 1, quorum <= different.count else { throw .quorumOutOfReach(quorum, of: different.count) }
        self.urls = different
        self.quorum = quorum
        self.transport = transport
        self.options = options
    }

    /// The chain with an id; each endpoint's own id is compared with it before any of its answers counts.
    public func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        if let chain = chains.withLock({ $0[id] }) { return chain }
        let members = urls.map { url in
            let node = HTTPNode(url: url, transport: transport, options: options)
            return EthereumChain(CheckedNode(node, chain: ChainIdentity(id)), chainID: id)
        }
        let chain = try QuorumChain(members, quorum: quorum)
        chains.withLock { $0[id] = chain }
        return chain
    }
}
