// SPDX-License-Identifier: Apache-2.0

import EthRPC
import HTTPTransport
import Orchestrator

/// The operator's endpoints of a chain, asked for what a command shows or relies on.
///
/// Without a quorum the first endpoint that answers is believed, and the others stand in for it. With one, every
/// endpoint is asked, and a fact counts if so many say the same.
struct Voices: Sendable {
    /// What one endpoint said, or why it said nothing.
    struct Answer<Value: Sendable>: Sendable {
        let name: String
        let result: Result<Value, Stop>

        /// The answer in a message.
        func words(_ show: (Value) -> String) -> String {
            switch result {
            case .success(let value): "\(name): \(show(value))"
            case .failure(let stop): "\(name): \(stop.message)"
            }
        }
    }

    /// A question to one endpoint.
    typealias Question<Value: Sendable> = @Sendable (any JSONRPCService) async throws -> Value

    /// The endpoints as one, the first preferred.
    let node: FailoverNode

    /// The endpoints one by one.
    let members: [any JSONRPCService]

    /// How many must agree; 1 believes the first that answers.
    let quorum: Int

    /// Endpoints whose chain is compared before any of their answers counts.
    init(_ node: FailoverNode, quorum: Int) {
        self.init(node, members: node.endpoints, quorum: quorum)
    }

    /// Endpoints asked one by one as `members`.
    init(_ node: FailoverNode, members: [any JSONRPCService], quorum: Int) {
        self.node = node
        self.members = members
        self.quorum = quorum
    }

    /// What each endpoint says, all asked at once, in their order.
    func answers<Value: Sendable>(_ question: @escaping Question<Value>) async -> [Answer<Value>] {
        await withTaskGroup(of: (Int, Result<Value, Stop>).self) { group in
            for (index, member) in members.enumerated() {
                group.addTask { (index, await Self.ask(member, question)) }
            }
            var results: [Int: Result<Value, Stop>] = [:]
            for await (index, result) in group { results[index] = result }
            return members.enumerated().compactMap { index, member in
                results[index].map { Answer(name: Self.name(index, member), result: $0) }
            }
        }
    }

    /// A fact that counts.
    ///
    /// - Parameters:
    ///   - subject: what it is about, for the message when too few agree.
    ///   - show: a fact in that message.
    func fact<Fact: Hashable & Sendable>(
        _ subject: String, show: (Fact) -> String = { "\($0)" }, _ question: @escaping Question<Fact>
    ) async throws(Stop) -> Fact {
        guard quorum > 1 else { return try await Self.ask(node, question).get() }
        return try decide(subject, await answers(question), show)
    }

    /// The endpoints that say what a quorum says, as one; all of them without a quorum.
    func agreeing<Fact: Hashable & Sendable>(
        on subject: String, chainID: UInt64, show: (Fact) -> String = { "\($0)" }, _ question: @escaping Question<Fact>
    ) async throws(Stop) -> FailoverNode {
        guard quorum > 1 else { return node }
        let answers = await answers(question)
        let fact = try decide(subject, answers, show)
        let agreeing = zip(members, answers).filter { _, answer in
            if case .success(fact) = answer.result { true } else { false }
        }
        return FailoverNode(agreeing.map(\.0), chainID: chainID)
    }

    /// The one thing that enough endpoints say.
    private func decide<Fact: Hashable & Sendable>(
        _ subject: String, _ answers: [Answer<Fact>], _ show: (Fact) -> String
    ) throws(Stop) -> Fact {
        var counts: [Fact: Int] = [:]
        for answer in answers { if case .success(let fact) = answer.result { counts[fact, default: 0] += 1 } }
        let winners = counts.filter { $0.value >= quorum }
        if winners.count == 1, let winner = winners.first { return winner.key }
        throw undecided(subject, answers, show)
    }

    /// The greatest amount that a quorum vouches for.
    func vouched<Amount: Comparable & Sendable>(
        _ subject: String, show: (Amount) -> String, _ question: @escaping Question<Amount>
    ) async throws(Stop) -> Amount {
        guard quorum > 1 else { return try await Self.ask(node, question).get() }
        let answers = await answers(question)
        var amounts: [Amount] = []
        for answer in answers { if case .success(let amount) = answer.result { amounts.append(amount) } }
        guard amounts.count >= quorum else { throw undecided(subject, answers, show) }
        return amounts.sorted(by: >)[quorum - 1]
    }

    /// How an endpoint is called where there are several.
    private static func name(_ index: Int, _ node: any JSONRPCService) -> String { "#\(index + 1) \(node.endpoint)" }

    private static func ask<Value: Sendable>(
        _ node: any JSONRPCService, _ question: Question<Value>
    ) async -> Result<Value, Stop> {
        do {
            return .success(try await question(node))
        } catch let error as RPCCallError {
            return .failure(Stop(error, endpoint: node.endpoint))
        } catch {
            return .failure(Stop(any: error))
        }
    }

    /// Too few say the same: what as many as must agree complain of, or else who said what.
    private func undecided<Value>(_ subject: String, _ answers: [Answer<Value>], _ show: (Value) -> String) -> Stop {
        let stops = answers.compactMap { answer in
            if case .failure(let stop) = answer.result { stop } else { nil }
        }
        if let stop = stops.first(where: { stop in stops.filter { $0.code == stop.code }.count >= quorum }) {
            return stop
        }
        return Stop(
            .unavailable,
            "Fewer than \(quorum) endpoints agree on \(subject) ("
                + answers.map { $0.words(show) }.joined(separator: "; ") + ").",
            hint: "Find out which endpoint is wrong, and give another --rpc-url in its place.")
    }
}

extension Connections {
    /// The operator's endpoints of a chain; `nil` when none is named and none is needed.
    ///
    /// - Parameter chainID: the chain that they must be of; `nil` takes whatever the first one that answers is of.
    func voices(chainID: UInt64?) throws(Stop) -> Voices? {
        let quorum = try quorum(chainID: chainID)
        guard let node = try node(chainID: chainID) else { return nil }
        return Voices(node, quorum: quorum)
    }

    /// The operator's endpoints, which the command cannot do without.
    ///
    /// - Parameter chainID: the chain that they must be of; `nil` is the one that a quorum says, or the first that
    ///   answers.
    func requiredVoices(chainID: UInt64?) async throws(Stop) -> Voices {
        let quorum = try quorum(chainID: chainID)
        let node = try requiredNode(chainID: chainID)
        guard chainID == nil, quorum > 1 else { return Voices(node, quorum: quorum) }
        let found = try await Voices(node, members: try singleNodes(chainID: nil), quorum: quorum)
            .fact("the chain's id") { try await $0.call(.chainID).get() }
        return Voices(try requiredNode(chainID: found), quorum: quorum)
    }

    /// The operator's endpoints one by one, whatever chain they are of.
    func singleNodes(chainID: UInt64?) throws(Stop) -> [HTTPNode] {
        try settings.endpoints(chainID: chainID).map { HTTPNode(url: $0, transport: transport) }
    }

    /// How many endpoints must agree, by the same judgement as in an operation.
    private func quorum(chainID: UInt64?) throws(Stop) -> Int {
        guard let quorum = try settings.rpcQuorum, quorum > 1 else { return 1 }
        let chains = try chains(try settings.endpoints(chainID: nil), quorum: quorum)
        guard let chainID else { return quorum }
        do { _ = try chains.chain(id: chainID, named: nil) } catch { throw Stop(error) }
        return quorum
    }
}
