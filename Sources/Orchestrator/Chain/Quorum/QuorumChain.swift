// SPDX-License-Identifier: Apache-2.0

/// Several endpoints of one chain, of which a number must say the same before it counts.
///
/// Each question goes to all endpoints at once. What decides something (code, owner, allowance, simulation, receipts,
/// hashes of blocks, who spent a nonce) counts when ``quorum`` of them agree; where they do not, the question fails with
/// ``ChainFault/disagreement(_:)``, which names each endpoint's answer and may be asked again.
///
/// An endpoint that is behind delays nobody: the head is the newest block that ``quorum`` endpoints have, and who has
/// not come to a fact's block has no voice in it. Of what is only suggested (tip, gas, L1 fee, base fee) the least is
/// taken that ``quorum`` endpoints think enough, of the balance the greatest that as many vouch for, of a nonce count
/// the least of all.
///
///     let urls = [try EndpointURL("https://a.example"), try EndpointURL("https://b.example")]
///     let chains = try QuorumChains(urls: urls, quorum: 2, transport: CurlTransport())
///     let chain = try chains.chain(id: 8453, named: nil)
///
/// No endpoint may be there twice, or it would have two voices.
public struct QuorumChain: Chain {
    /// How many endpoints must agree.
    public let quorum: Int

    let members: [Member]
    private let patience: Duration
    private let clock: any EngineClock

    /// One endpoint and what it is called in messages.
    struct Member: Sendable {
        let chain: any Chain
        let name: String
    }

    /// Lets endpoints vote.
    ///
    /// - Parameters:
    ///   - chains: the endpoints, each of which has its chain's id checked by itself.
    ///   - quorum: how many must agree, from 1 to the number of endpoints.
    ///   - patience: how long the others are waited for once ``quorum`` endpoints have answered.
    /// - Throws: `usage` when fewer than one or more than all would have to agree.
    public init(
        _ chains: [any Chain], quorum: Int, patience: Duration = .seconds(2), clock: any EngineClock = SystemClock()
    ) throws(Failure) {
        guard (1...max(chains.count, 1)).contains(quorum), !chains.isEmpty else {
            throw .quorumOutOfReach(quorum, of: chains.count)
        }
        self.quorum = quorum
        self.patience = patience
        self.clock = clock
        members = chains.enumerated().map { Member(chain: $1, name: "#\($0 + 1) \($1.endpointName)") }
    }

    /// All endpoints, without paths.
    public var endpointName: String { members.map(\.chain.endpointName).joined(separator: ", ") }

    /// Does nothing: all endpoints are asked anyway.
    public func turnToAnotherEndpoint() {}

    /// An answer of one endpoint.
    struct Answer<Value: Sendable>: Sendable {
        let name: String
        let value: Value
    }

    /// Asks all endpoints at once.
    ///
    /// - Parameter least: how many must answer; once they have, the others are waited for only a while.
    /// - Returns: the answers in the order of the endpoints, at least as many as asked for.
    func ask<Value: Sendable>(
        least: Int, _ question: @escaping @Sendable (any Chain) async throws(ChainFault) -> Value
    ) async throws(ChainFault) -> [Answer<Value>] {
        let results = await results(least: least, question)
        var answers: [Answer<Value>] = []
        var faults: [Answer<ChainFault>] = []
        for (member, result) in zip(members, results) {
            switch result {
            case .success(let value)?: answers.append(Answer(name: member.name, value: value))
            case .failure(let fault)?: faults.append(Answer(name: member.name, value: fault))
            case nil: break
            }
        }
        guard answers.count >= least else { throw fault(of: faults, answered: answers.map(\.name), least: least) }
        return answers
    }

    private enum Arrival<Value: Sendable>: Sendable {
        case answer(Int, Result<Value, ChainFault>)
        case waitedEnough
    }

    private func results<Value: Sendable>(
        least: Int, _ question: @escaping @Sendable (any Chain) async throws(ChainFault) -> Value
    ) async -> [Result<Value, ChainFault>?] {
        await withTaskGroup(of: Arrival<Value>.self) { group in
            var results = [Result<Value, ChainFault>?](repeating: nil, count: members.count)
            for (index, member) in members.enumerated() {
                group.addTask {
                    do throws(ChainFault) {
                        return .answer(index, .success(try await question(member.chain)))
                    } catch {
                        return .answer(index, .failure(error))
                    }
                }
            }
            var (arrived, usable, isTimed) = (0, 0, false)
            while arrived < members.count, let arrival = await group.next() {
                guard case .answer(let index, let result) = arrival else { break }
                results[index] = result
                arrived += 1
                if case .success = result { usable += 1 }
                if usable >= least, !isTimed {
                    isTimed = true
                    group.addTask { [clock, patience] in
                        // An interrupted sleep means that all have answered.
                        do { try await clock.sleep(for: patience) } catch { return .waitedEnough }
                        return .waitedEnough
                    }
                }
            }
            group.cancelAll()
            return results
        }
    }

    /// What it means that too few endpoints answered.
    private func fault(of faults: [Answer<ChainFault>], answered: [String], least: Int) -> ChainFault {
        // What cannot mend is final only if so many endpoints say so that it would also count as a fact.
        for fault in faults.map(\.value) where !fault.isTransient {
            if faults.filter({ $0.value.isAlike(fault) }).count >= least { return fault }
        }
        let said = faults.map { "\($0.name): \($0.value.words)" } + answered.map { "\($0): answered" }
        let isOtherChain = faults.contains { if case .wrongChain = $0.value { true } else { false } }
        if isOtherChain { return .disagreement("on the chain's id (" + said.joined(separator: "; ") + ")") }
        let waits = faults.compactMap { fault -> Duration?? in
            if case .rateLimited(let after) = fault.value { .some(after) } else { nil }
        }
        if waits.count + answered.count >= least { return .rateLimited(after: waits.compactMap(\.self).min()) }
        return .unavailable(
            "\(answered.count) of \(members.count) endpoints answered and \(least) must ("
                + said.joined(separator: "; ") + ")")
    }
}

extension ChainFault {
    /// Whether another endpoint has the same complaint.
    fileprivate func isAlike(_ other: ChainFault) -> Bool {
        switch (self, other) {
        case (.wrongChain(_, let one, _), .wrongChain(_, let another, _)): one == another
        case (.notAnEndpoint, .notAnEndpoint), (.insecureURL, .insecureURL): true
        case (.unavailable, _), (.disagreement, _), (.rateLimited, _), (.wrongChain, _), (.notAnEndpoint, _),
            (.insecureURL, _):
            false
        }
    }

    /// The fault of one endpoint, behind its name.
    fileprivate var words: String {
        switch self {
        case .unavailable(let what), .disagreement(let what), .insecureURL(let what): what
        case .rateLimited: "asks to slow down"
        case .wrongChain(let expected, let found, _): "is on chain \(found), not on chain \(expected)"
        case .notAnEndpoint: "does not speak Ethereum JSON-RPC"
        }
    }
}

extension Failure {
    static func quorumOutOfReach(_ quorum: Int, of count: Int) -> Failure {
        Failure(
            .usage,
            "\(quorum) endpoints are to agree, and there " + (count == 1 ? "is 1" : "are \(count)")
                + ": the number must be from 1 to that of different endpoints.",
            hint: "Give --rpc-url once for each endpoint, and a smaller --rpc-quorum.")
    }
}
