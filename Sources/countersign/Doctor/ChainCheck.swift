// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Orchestrator

/// Whether the endpoints of a chain answer, and whether contract and key belong together.
struct ChainCheck {
    let connections: Connections

    /// The CVM, if one was named and found.
    let target: Target?

    /// The key's account, if there is a key.
    let signer: Address?

    /// Checks endpoint, balance and ownership.
    func run(_ report: inout CheckReport) async {
        var node: FailoverNode?
        await report.add("endpoint") {
            guard let found = try await reachable() else {
                return .skipped("no --rpc-url; the CVM's own endpoint is used where it names one")
            }
            node = found
            let (chainID, block) = try await found.batch(.chainID, .block(.latest))
            guard let head = try block.get() else { throw Stop(.unavailable, "\(found.endpoint) has no block.") }
            return .well("\(found.endpoint), chain \(try chainID.get()), block \(head.number)")
        }
        await report.add("balance") { try await balance(node) }
        await report.add("ownership") { try await ownership(node) }
    }

    /// The endpoints that an update would use.
    private func reachable() async throws -> FailoverNode? {
        guard let chainID = target?.chainID else { return try connections.node(chainID: nil) }
        if let node = try connections.node(chainID: chainID) { return node }
        // The same judgement of an endpoint that the cloud names as in an update.
        let api = try connections.settings.apiURL
        let chain = try connections.chains(namedBy: api).chain(id: chainID, named: target?.rpcEndpoint)
        _ = try await chain.head()
        guard let named = target?.rpcEndpoint else { return nil }
        do {
            let url = try EndpointURL(named)
            return FailoverNode(urls: [url], chainID: chainID, transport: connections.transport)
        } catch {
            throw Stop(url: "endpoint that the CVM names", error)
        }
    }

    private func balance(_ node: FailoverNode?) async throws -> CheckReport.Verdict {
        guard let node, let signer else { return .skipped("needs a key and an endpoint") }
        let wei = try await node.call(.balance(signer, at: .latest)).get()
        guard !wei.isZero else {
            return .failed(
                Stop(
                    .insufficientFunds,
                    "\(signer.checksummed) has nothing to pay gas with on chain "
                        + "\(node.chainID.map { "\($0)" } ?? "?").", hint: "Send some ether to it."))
        }
        return .well("\(Wei.ether(wei)) ETH of \(signer.checksummed)")
    }

    private func ownership(_ node: FailoverNode?) async throws -> CheckReport.Verdict {
        guard let target else { return .skipped("needs a CVM") }
        guard let app = target.app, target.chainID != nil else {
            return .skipped("the CVM's KMS is not on chain, so no registration is needed")
        }
        guard let node else { return .skipped("needs an endpoint") }
        let (code, answer) = try await node.batch(
            .code(app, at: .latest), .call(to: app, data: DstackAppCall.owner.calldata))
        guard try !code.get().isEmpty else {
            return .failed(Stop(.noContract, "There is no code at \(app.checksummed).", hint: "Check --rpc-url."))
        }
        let owner = try DstackAppCall.decodeAddress(try answer.get())
        guard owner == signer else {
            let chain = EthereumChain(node, chainID: target.chainID ?? 0)
            return try await OwnerCheck(app: app, owner: owner, signer: signer).verdict(chain)
        }
        return .well("\(app.checksummed) belongs to the key")
    }
}
