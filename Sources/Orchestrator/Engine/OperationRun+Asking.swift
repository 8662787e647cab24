// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud

/// Questions that may be repeated, because asking changes nothing.
extension OperationRun {
    /// Asks the cloud, again after a pause while it is only out of reach.
    mutating func ask<Value: Sendable>(
        _ question: (any CloudService) async throws(CloudError) -> Value
    ) async throws(Failure) -> Value {
        var backoff = Backoff()
        while true {
            do {
                return try await question(engine.cloud)
            } catch {
                guard error.isRetryable, let rest = backoff.next(atLeast: error.retryAfter, jitter: jitter) else {
                    throw error.failure
                }
                try await pause(rest, for: "the cloud, which is out of reach")
            }
        }
    }

    /// Asks the chain, again after a pause while it is only out of reach.
    mutating func askChain<Value: Sendable>(
        _ question: (any Chain) async throws(ChainFault) -> Value
    ) async throws(Failure) -> Value {
        let chain = try connectedChain()
        var backoff = Backoff()
        while true {
            do {
                return try await question(chain)
            } catch {
                guard error.isTransient, let rest = backoff.next(atLeast: error.retryAfter, jitter: jitter) else {
                    throw error.failure
                }
                try await pause(rest, for: error.awaited)
            }
        }
    }

    /// The chain of the operation.
    mutating func connectedChain() throws(Failure) -> any Chain {
        if let chain { return chain }
        guard let chainID = operation.chainID else {
            throw Failure(
                .wrongChain, "The CVM's KMS names no chain, so there is no contract to ask. Nothing was signed.",
                hint: "Check the CVM with 'countersign cvm get'.")
        }
        let connected = try engine.chains.chain(id: chainID, named: operation.rpcEndpoint)
        chain = connected
        return connected
    }

    /// The limits in force on the operation's chain.
    func limits() throws(Failure) -> Limits {
        guard let limits = operation.limits else {
            throw Failure(
                .internalError, "The operation has come to phase \(operation.phase.rawValue) without a chain.")
        }
        return limits
    }

    /// Looks where the attempts stand, and remembers it.
    mutating func look(blocks: [UInt64] = [], question: Lookout.Question? = nil) async throws(Failure) -> Sighting {
        let query = Lookout(
            hashes: operation.attempts.map(\.hash), signer: operation.registration?.signer, question: question,
            blocks: blocks)
        let seen = try await askChain { chain throws(ChainFault) in try await chain.look(for: query) }
        let now = engine.clock.uptime()
        pace.note(head: seen.head.number, at: now)
        sighting = (seen, now)
        return seen
    }
}

extension ChainFault {
    /// Whether asking again later may help.
    var isTransient: Bool {
        switch self {
        case .unavailable, .disagreement, .rateLimited: true
        case .wrongChain, .notAnEndpoint, .insecureURL: false
        }
    }

    var retryAfter: Duration? {
        switch self {
        case .rateLimited(let after): after
        case .unavailable, .disagreement, .wrongChain, .notAnEndpoint, .insecureURL: nil
        }
    }

    /// What is waited for before asking again.
    var awaited: String {
        switch self {
        case .disagreement(let what): "the chain's endpoints to agree \(what)"
        case .unavailable, .rateLimited, .wrongChain, .notAnEndpoint, .insecureURL: "the chain, which is out of reach"
        }
    }

    /// The failure that stops work.
    public var failure: Failure {
        switch self {
        case .unavailable(let what):
            Failure(
                .unavailable, "No endpoint of the chain gave a usable answer: \(what).",
                hint: "Check --rpc-url, or give a second one; then run 'countersign resume --all'.")
        case .disagreement(let what):
            Failure(
                .unavailable, "The chain's endpoints do not agree \(what). What they do not agree on does not count.",
                hint: "Find out which endpoint is wrong, give another --rpc-url in its place, and run 'countersign "
                    + "resume --all'.")
        case .rateLimited:
            Failure(
                .rateLimited, "The chain's endpoint limits the rate of requests and did not yield in time.",
                hint: "Give another --rpc-url, or run 'countersign resume --all' later.")
        case .wrongChain(let expected, let found, let endpoint):
            Failure(
                .wrongChain, "\(endpoint) is of chain \(found), the app's contract is on chain \(expected).",
                hint: "Give an --rpc-url of chain \(expected).")
        case .notAnEndpoint(let endpoint):
            Failure(
                .notAnRPCEndpoint, "\(endpoint) does not speak Ethereum JSON-RPC.",
                hint: "Give an Ethereum endpoint with --rpc-url; some KMS name their own URL instead.")
        case .insecureURL(let what):
            Failure(
                .insecureURL, what, hint: "Use https://, or give an --rpc-url of your own; see --allow-insecure-http.")
        }
    }
}
