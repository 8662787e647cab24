// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport
internal import Synchronization

/// Several endpoints of one chain that stand in for each other, the first preferred.
///
/// An endpoint that fails is put back for a while, longer each time; the others are asked in its place, in their
/// order. After that while it is asked first again. The endpoints' chain is checked by ``CheckedNode``.
public final class FailoverNode: JSONRPCService {
    private let nodes: [CheckedNode]
    private let chain: ChainIdentity
    private let clock: MonotonicClock
    private let order: Mutex<EndpointOrder>

    /// Lets endpoints stand in for each other.
    ///
    /// Without any, every request fails.
    ///
    /// With `nil` as chain id, the first endpoint that answers fixes the chain, and the others must agree.
    public init(_ services: [any JSONRPCService], chainID: UInt64?, clock: MonotonicClock = .system) {
        let chain = ChainIdentity(chainID)
        self.chain = chain
        self.clock = clock
        nodes = services.map { CheckedNode($0, chain: chain, clock: clock) }
        order = Mutex(EndpointOrder(count: services.count))
    }

    /// Lets the endpoints at several URLs stand in for each other.
    public convenience init(
        urls: [EndpointURL], chainID: UInt64?, transport: any HTTPTransport,
        options: HTTPNodeOptions = HTTPNodeOptions(), clock: MonotonicClock = .system
    ) {
        let services = urls.map { HTTPNode(url: $0, transport: transport, options: options, clock: clock) }
        self.init(services, chainID: chainID, clock: clock)
    }

    /// The endpoints, each with its own check of the chain, for asking them one by one.
    public var endpoints: [any JSONRPCService] { nodes }

    /// The chain's id, once it is fixed.
    public var chainID: UInt64? { chain.chainID }

    /// The endpoint that would be asked next, as `scheme://host[:port]`.
    public var endpoint: String {
        let now = clock.now
        guard let first = order.withLock({ $0.candidates(now: now).first }) else { return "no endpoint" }
        return nodes[first].endpoint
    }

    /// What the endpoint takes together that would be asked next.
    public var batchLimit: Int {
        let now = clock.now
        guard let first = order.withLock({ $0.candidates(now: now).first }) else { return .max }
        return nodes[first].batchLimit
    }

    /// Puts back the endpoint that would be asked next, for a second opinion; does nothing where there is only one.
    public func turnToAnother() {
        let now = clock.now
        order.withLock { order in
            guard let first = order.candidates(now: now).first else { return }
            order.putBack(first, now: now, atLeast: nil)
        }
    }

    /// Sends requests to the first endpoint that gives an answer that counts.
    public func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome] {
        var errors: [RPCError] = []
        let now = clock.now
        for index in order.withLock({ $0.candidates(now: now) }) {
            do throws(RPCError) {
                let outcomes = try await nodes[index].perform(requests)
                order.withLock { $0.recovered(index) }
                return outcomes
            } catch {
                if error.isCancellation { throw error }
                let now = clock.now
                order.withLock { $0.putBack(index, now: now, atLeast: error.retryAfter) }
                errors.append(error)
            }
        }
        throw FailoverNode.summary(errors)
    }

    /// What all failures together mean to the caller.
    ///
    /// A failure that may pass outweighs those that will not: the whole is worth trying again.
    private static func summary(_ errors: [RPCError]) -> RPCError {
        guard let first = errors.first else {
            return RPCError(endpoint: "no endpoint", reason: .allFailed([]))
        }
        return errors.count == 1 ? first : RPCError(endpoint: first.endpoint, reason: .allFailed(errors))
    }
}
