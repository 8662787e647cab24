// SPDX-License-Identifier: Apache-2.0

/// Something that answers JSON-RPC requests: one endpoint, or several that stand in for each other.
public protocol JSONRPCService: Sendable {
    /// The endpoint as `scheme://host[:port]`, for messages.
    var endpoint: String { get }

    /// How many requests the endpoint is known to take together, at least 1; no limit is known at first.
    var batchLimit: Int { get }

    /// Sends requests together, as one HTTP request where the endpoint accepts that; as many outcomes come back.
    ///
    /// - Throws: when there is no answer that counts; then none of the requests has an outcome.
    func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome]
}

extension JSONRPCService {
    /// No limit is known.
    public var batchLimit: Int { .max }

    /// Makes several calls in one HTTP request; each has its own result.
    ///
    ///     let (chain, head) = try await node.batch(.chainID, .block(.latest))
    ///
    /// A call with number or array literals among its arguments has to be spelled `RPCCall.feeHistory(blocks: 5, …)`:
    /// behind a bare dot the compiler takes them for `Int`.
    public func batch<each Value: Sendable>(
        _ calls: repeat RPCCall<each Value>
    ) async throws(RPCError) -> (repeat Result<each Value, RPCCallError>) {
        var requests: [RPCRequest] = []
        for call in repeat each calls { requests += call.requests }
        let reader = OutcomeReader(try await perform(requests))
        return (repeat reader.take(each calls))
    }

    /// Makes one call.
    public func call<Value: Sendable>(
        _ call: RPCCall<Value>
    ) async throws(RPCError) -> Result<Value, RPCCallError> {
        OutcomeReader(try await perform(call.requests)).take(call)
    }
}

/// Hands the outcomes of a batch to the calls that they belong to.
private final class OutcomeReader {
    private var rest: ArraySlice<RPCOutcome>

    init(_ outcomes: [RPCOutcome]) {
        rest = outcomes[...]
    }

    func take<Value>(_ call: RPCCall<Value>) -> Result<Value, RPCCallError> {
        let mine = rest.prefix(call.requests.count)
        rest = rest.dropFirst(call.requests.count)
        return call.interpret(Array(mine))
    }
}
