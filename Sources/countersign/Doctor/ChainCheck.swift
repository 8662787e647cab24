// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Orchestrator

/// Whether the endpoints of a chain answer and agree, and whether contract and key belong together.
struct ChainCheck {
    let connections: Connections

    /// The CVM, if one was named and found.
    let target: Target?

    /// The key's account, if there is a key.
    let signer: Address?

    /// Checks endpoints, balance and ownership.
    func run(_ report: inout CheckReport) async {
        let voices = await endpoints(&report)
        await report.add("balance") { try await balance(voices) }
        await report.add("ownership") { try await ownership(voices) }
    }

    /// The endpoints that an update would use, each looked at.
    private func endpoints(_ report: inout CheckReport) async -> Voices? {
        do {
            guard let voices = try connections.voices(chainID: target?.chainID) else {
                return await namedEndpoint(&report)
            }
            let chainID = await EndpointCheck(
                nodes: try connections.singleNodes(chainID: target?.chainID), quorum: voices.quorum,
                expected: target?.chainID
            ).run(&report)
            return try chainID.map { try connections.voices(chainID: $0) } ?? voices
        } catch {
            report.add("endpoint", .failed(Stop(any: error)))
            return nil
        }
    }

    /// The endpoint that the CVM names, by the same judgement as in an update.
    private func namedEndpoint(_ report: inout CheckReport) async -> Voices? {
        guard let target, let chainID = target.chainID else {
            report.add("endpoint", .skipped("no --rpc-url; the CVM's own endpoint is used where it names one"))
            return nil
        }
        do {
            let chain = try connections.chains(namedBy: connections.settings.apiURL)
                .chain(id: chainID, named: target.rpcEndpoint)
            let head = try await chain.head()
            report.add("endpoint", .well("\(chain.endpointName), chain \(chainID), block \(head.number)"))
            guard let named = target.rpcEndpoint else { return nil }
            let url: EndpointURL
            do { url = try EndpointURL(named) } catch { throw Stop(url: "endpoint that the CVM names", error) }
            return Voices(
                FailoverNode(urls: [url], chainID: chainID, transport: connections.transport), quorum: 1)
        } catch {
            report.add("endpoint", .failed(Stop(any: error)))
            return nil
        }
    }

    private func balance(_ voices: Voices?) async throws -> CheckReport.Verdict {
        guard let voices, let signer else { return .skipped("needs a key and an endpoint") }
        let wei = try await voices.vouched("the balance of \(signer.checksummed)", show: Wei.ether) {
            try await $0.call(.balance(signer, at: .latest)).get()
        }
        guard !wei.isZero else {
            return .failed(
                Stop(
                    .insufficientFunds,
                    "\(signer.checksummed) has nothing to pay gas with on chain "
                        + "\(voices.node.chainID.map { "\($0)" } ?? "?").", hint: "Send some ether to it."))
        }
        return .well("\(Wei.ether(wei)) ETH of \(signer.checksummed)")
    }

    private func ownership(_ voices: Voices?) async throws -> CheckReport.Verdict {
        guard let target else { return .skipped("needs a CVM") }
        guard let app = target.app, target.chainID != nil else {
            return .skipped("the CVM's KMS is not on chain, so no registration is needed")
        }
        guard let voices else { return .skipped("needs an endpoint") }
        // No owner where there is no code.
        let owner = try await voices.fact(
            "the owner of \(app.checksummed)", show: { $0?.checksummed ?? "no code" }
        ) { node -> Address? in
            let (code, answer) = try await node.batch(
                .code(app, at: .latest), .call(to: app, data: DstackAppCall.owner.calldata))
            return try code.get().isEmpty ? nil : DstackAppCall.decodeAddress(try answer.get())
        }
        guard let owner else {
            return .failed(Stop(.noContract, "There is no code at \(app.checksummed).", hint: "Check --rpc-url."))
        }
        guard owner == signer else {
            let kind = try await voices.fact("what \(owner.checksummed) is", show: AccountReport.text) { node in
                let chain = EthereumChain(node, chainID: target.chainID ?? 0)
                return try await chain.account(owner, atBlock: try await chain.head().number).kind
            }
            return OwnerCheck(app: app, owner: owner, signer: signer).verdict(kind)
        }
        return .well("\(app.checksummed) belongs to the key")
    }
}
