// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport
internal import Synchronization

/// One JSON-RPC endpoint over HTTP.
///
/// Requests that are performed together go out as one batch. An endpoint that refuses batches, or batches of that
/// size, gets smaller ones down to single requests, and this is remembered for a while.
public final class HTTPNode: JSONRPCService {
    private struct State {
        var nextID: UInt32 = 1
        /// The greatest batch that the endpoint is known to accept, until an instant.
        var batchLimit: (count: Int, until: ContinuousClock.Instant)?
    }

    private let url: EndpointURL
    private let transport: any HTTPTransport
    private let options: HTTPNodeOptions
    private let clock: MonotonicClock
    private let state = Mutex(State())

    /// Names an endpoint.
    public init(
        url: EndpointURL, transport: any HTTPTransport, options: HTTPNodeOptions = HTTPNodeOptions(),
        clock: MonotonicClock = .system
    ) {
        self.url = url
        self.transport = transport
        self.options = options
        self.clock = clock
    }

    /// The endpoint as `scheme://host[:port]`.
    public var endpoint: String { url.origin }

    /// Sends requests, in one HTTP request unless they are more than a batch may hold.
    public func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome] {
        var outcomes: [RPCOutcome] = []
        var limit = batchLimit
        var refusal: RPCError?
        while outcomes.count < requests.count {
            let part = Array(requests[outcomes.count...].prefix(limit))
            switch try await post(part, after: refusal) {
            case .outcomes(let answers):
                outcomes += answers
            case .tooMany(let error, let fewer):
                limit = fewer
                refusal = refusal ?? error
            }
        }
        // Only now is it sure that the size of the batch was what the endpoint did not like.
        if refusal != nil { remember(limit) }
        return outcomes
    }

    private enum PostResult {
        case outcomes([RPCOutcome])
        /// The batch was refused; perhaps fewer at once are accepted.
        case tooMany(RPCError, fewer: Int)
    }

    /// Sends one HTTP request.
    ///
    /// When all goes wrong after a refused batch, the refusal is the error that counts.
    private func post(_ requests: [RPCRequest], after refusal: RPCError?) async throws(RPCError) -> PostResult {
        let envelope = RPCEnvelope(requests: requests, firstID: takeIDs(requests.count))
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            response = try await transport.send(httpRequest(envelope.body))
        } catch {
            throw failure(.transport(error))
        }
        let judgement = RPCResponseJudge(url: url, envelope: envelope).judge(response)
        switch judgement {
        case .outcomes(let outcomes): return .outcomes(outcomes)
        case .batchRefused(let reason, let isSizeNamed) where requests.count > 1:
            return .tooMany(failure(reason), fewer: isSizeNamed ? requests.count / 2 : 1)
        case .batchRefused(let reason, _): throw refusal ?? failure(reason)
        case .failure(let reason): throw refusal ?? failure(reason)
        }
    }

    private func httpRequest(_ body: [UInt8]) -> HTTPRequest {
        HTTPRequest(
            method: .post, url: url.text,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept", "application/json")],
            body: body, deadline: options.deadline, maximumBodyBytes: options.maximumBodyBytes, isRepeatable: true,
            peers: options.peers)
    }

    private func failure(_ reason: RPCError.Reason) -> RPCError { RPCError(endpoint: endpoint, reason: reason) }

    /// Ids that no other request of this endpoint uses for a long time.
    private func takeIDs(_ count: Int) -> UInt32 {
        state.withLock { state in
            let first = state.nextID
            let (next, overflow) = first.addingReportingOverflow(UInt32(clamping: count))
            state.nextID = overflow ? 1 : next
            return first
        }
    }

    /// How many requests go into one HTTP request: what the endpoint was seen to refuse lately is not tried again.
    public var batchLimit: Int {
        let now = clock.now
        let known = state.withLock { $0.batchLimit.flatMap { $0.until > now ? $0.count : nil } }
        return max(min(known ?? .max, options.maximumBatch), 1)
    }

    private func remember(_ limit: Int) {
        let until = clock.now + options.batchMemory
        state.withLock { $0.batchLimit = (limit, until) }
    }
}
