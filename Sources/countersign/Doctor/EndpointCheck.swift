// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Orchestrator
import StrictJSON

/// What each endpoint of a chain says of the chain's id, its newest block and the newest block that all have; a line each,
/// and one about how far they agree.
struct EndpointCheck {
    /// The endpoints, whatever chain they are of.
    let nodes: [any JSONRPCService]

    /// How many must agree; 1 where the first that answers is believed.
    let quorum: Int

    /// The chain of the CVM, if one was named.
    let expected: UInt64?

    /// What an endpoint says of its chain.
    private struct Sight: Sendable, Hashable {
        let chainID: UInt64
        let head: UInt64
    }

    /// A chain and the hash of one of its blocks.
    private struct Common: Hashable {
        let chainID: UInt64
        let hash: BlockHash?
    }

    private struct Finding {
        let endpoint: String
        let sight: Result<Sight, Stop>
        /// The hash of the newest block that all endpoints of the chain have.
        var hash: Result<BlockHash?, Stop>?

        var seen: Sight? { if case .success(let sight) = sight { sight } else { nil } }
        var common: Common? {
            guard let seen, case .success(let hash)? = hash else { return nil }
            return Common(chainID: seen.chainID, hash: hash)
        }
    }

    /// Checks the endpoints; the chain that they are of, as far as it is known.
    func run(_ report: inout CheckReport) async -> UInt64? {
        let voices = Voices(FailoverNode(nodes, chainID: nil), members: nodes, quorum: quorum)
        let sights = await voices.answers { node in
            let (chainID, block) = try await node.batch(.chainID, .block(.latest))
            guard let head = try block.get() else { throw Stop(.unavailable, "\(node.endpoint) has no block.") }
            return Sight(chainID: try chainID.get(), head: head.number)
        }
        var findings = zip(nodes, sights).map { Finding(endpoint: $0.endpoint, sight: $1.result) }
        let chainID = expected ?? most(findings.compactMap { $0.seen?.chainID })
        let heads = findings.compactMap(\.seen).filter { $0.chainID == chainID }.map(\.head)
        let level = heads.min() ?? 0
        if nodes.count > 1, !heads.isEmpty {
            let hashes = await voices.answers { node in
                try await node.call(.block(.number(level))).get()?.hash
            }
            for (index, answer) in hashes.enumerated() { findings[index].hash = answer.result }
        }
        let winner = most(findings.compactMap(\.common).filter { $0.chainID == chainID })
        for (index, finding) in findings.enumerated() {
            report.add(
                nodes.count == 1 ? "endpoint" : "endpoint \(index + 1)",
                verdict(finding, chainID: chainID, best: heads.max() ?? 0, level: level, winner: winner),
                facts: facts(finding))
        }
        if nodes.count > 1 { report.add("agreement", agreement(findings, level: level, winner: winner)) }
        return chainID
    }

    private func verdict(
        _ finding: Finding, chainID: UInt64?, best: UInt64, level: UInt64, winner: Common?
    ) -> CheckReport.Verdict {
        let sight: Sight
        switch finding.sight {
        case .failure(let stop): return .failed(stop)
        case .success(let found): sight = found
        }
        if let chainID, sight.chainID != chainID {
            return .failed(
                Stop(
                    .wrongChain,
                    "\(finding.endpoint) is of chain \(sight.chainID), "
                        + (expected == nil
                            ? "the others are of chain \(chainID)." : "the CVM's KMS is on chain \(chainID)."),
                    hint: "Give an --rpc-url of chain \(chainID)."))
        }
        if case .failure(let stop)? = finding.hash { return .failed(stop) }
        if let winner, let common = finding.common, common != winner {
            return .failed(
                Stop(
                    .unavailable,
                    "\(finding.endpoint) has \(words(common.hash)) as block \(level), most have \(words(winner.hash)).",
                    hint: "One of them is wrong or on another branch of the chain; find out which, and replace it."))
        }
        let behind = best - min(best, sight.head)
        return .well(
            "\(finding.endpoint), chain \(sight.chainID), block \(sight.head)"
                + (behind == 0 ? "" : ", \(behind) block\(behind == 1 ? "" : "s") behind"))
    }

    private func agreement(_ findings: [Finding], level: UInt64, winner: Common?) -> CheckReport.Verdict {
        let voices = findings.filter { $0.common == winner }.count
        guard let winner, voices >= max(quorum, 2) else {
            let needed = max(quorum, 2)
            return .failed(
                Stop(
                    .unavailable,
                    "Fewer than \(needed) of \(findings.count) endpoints agree on the chain and its blocks.",
                    hint: "See above which endpoints are out of reach or differ, and replace them."))
        }
        return .well(
            "\(voices) of \(findings.count) on chain \(winner.chainID) and block \(level) \(words(winner.hash))"
                + (quorum > 1 ? ", \(quorum) must" : ", the first that answers is believed"))
    }

    private func facts(_ finding: Finding) -> JSONObject {
        var object = JSONObject()
        object["endpoint"] = .string(finding.endpoint)
        object["chain_id"] = finding.seen.map { JSON(count: $0.chainID) }
        object["block_number"] = finding.seen.map { JSON(count: $0.head) }
        return object
    }

    private func words(_ hash: BlockHash?) -> String { hash.map { "\($0)" } ?? "none" }

    /// What is said most often; `nil` when two things are.
    private func most<Fact: Hashable>(_ facts: [Fact]) -> Fact? {
        var counts: [Fact: Int] = [:]
        for fact in facts { counts[fact, default: 0] += 1 }
        let highest = counts.values.max()
        let winners = counts.filter { $0.value == highest }
        return winners.count == 1 ? winners.first?.key : nil
    }
}
