// SPDX-License-Identifier: Apache-2.0

internal import EthTx
internal import StrictJSON
internal import Synchronization

/// One endpoint, none of whose answers counts before this process has compared its `eth_chainId`.
///
/// The question goes with the first batch and costs no HTTP request of its own. It is asked again with the next
/// batch after a failure and after a minute, and every other answer to it is compared, too.
public final class CheckedNode: JSONRPCService {
    private struct State {
        var checkedAt: ContinuousClock.Instant?
        var nonAnswers = 0
    }

    /// How often in a row an endpoint may give no answer of an Ethereum endpoint.
    private static let patience = 3

    private static let recheck: Duration = .seconds(60)

    private let node: any JSONRPCService
    private let chain: ChainIdentity
    private let clock: MonotonicClock
    private let state = Mutex(State())

    /// Puts the check before an endpoint.
    public init(_ node: any JSONRPCService, chain: ChainIdentity, clock: MonotonicClock = .system) {
        self.node = node
        self.chain = chain
        self.clock = clock
    }

    /// The endpoint as `scheme://host[:port]`.
    public var endpoint: String { node.endpoint }

    /// What the endpoint takes together; the question for the chain's id may have to go alone.
    public var batchLimit: Int { node.batchLimit }

    /// Sends requests, together with the question for the chain's id where it is due.
    public func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome] {
        guard !requests.isEmpty else { return [] }
        let isDue = isCheckDue
        let all = isDue ? [RPCRequest(.chainID)] + requests : requests
        do throws(RPCError) {
            let outcomes = try await node.perform(all)
            for (request, outcome) in zip(all, outcomes) where request.method == .chainID { try check(outcome) }
            state.withLock { state in
                if isDue { state.checkedAt = clock.now }
                state.nonAnswers = 0
            }
            return isDue ? Array(outcomes.dropFirst()) : outcomes
        } catch {
            throw note(error)
        }
    }

    private var isCheckDue: Bool {
        let now = clock.now
        return state.withLock { state in
            guard let checkedAt = state.checkedAt else { return true }
            return checkedAt.duration(to: now) >= CheckedNode.recheck
        }
    }

    private func check(_ outcome: RPCOutcome) throws(RPCError) {
        switch RPCCall<UInt64>.chainID.interpret([outcome]) {
        case .success(let found):
            guard let expected = chain.mismatch(found) else { return }
            throw RPCError(endpoint: endpoint, reason: .wrongChain(expected: expected, found: found))
        case .failure(let error):
            throw RPCError(endpoint: endpoint, reason: .notJSONRPC("no chain id: \(error)"))
        }
    }

    /// Forgets the check, and counts what speaks against there being an Ethereum endpoint at all.
    private func note(_ error: RPCError) -> RPCError {
        if error.isCancellation { return error }
        let count = state.withLock { state in
            state.checkedAt = nil
            state.nonAnswers = error.isNonAnswer ? min(state.nonAnswers + 1, CheckedNode.patience) : 0
            return state.nonAnswers
        }
        guard count >= CheckedNode.patience else { return error }
        return RPCError(endpoint: endpoint, reason: .notAnEndpoint(error.reasonText))
    }
}
