// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// Follows the states of a CVM over as many connections as it takes.
///
/// A connection that is lost, refused for the moment, or silent for too long is opened again after a wait, with the time
/// that is left. For one reader at a time, hence not sendable.
final class CvmStateFollower<Version: APIVersion> {
    private let client: PhalaCloudClient<Version>
    private let request: CvmStateRequest
    private let policy: RetryPolicy
    private let stopwatch: Stopwatch

    private var connection: CvmStateConnection?
    private var waiting: ArraySlice<ServerSentEvent> = []
    /// The state that was told last.
    private var last: CvmState?
    /// Whether no state has come over this connection: the first may be the one that was told before.
    private var isFirst = true
    private var isOver = false
    /// Whether the deployment answers with the state instead of a stream.
    private var isPolling = false
    /// What went wrong since the last event, and how often.
    private var failure: CloudError?
    private var failures = 0
    /// The wait before a new connection that the service asks for.
    private var reconnection: Duration?

    /// How long the service serves one stream.
    private static var longestStream: Duration { .seconds(CvmStateRequest.timeouts.upperBound) }

    /// The greatest wait that the service can ask for with its stream.
    private static var longestReconnection: Duration { .seconds(30) }

    init(client: PhalaCloudClient<Version>, request: CvmStateRequest) {
        self.client = client
        self.request = request
        policy = client.retryPolicy ?? RetryPolicy()
        stopwatch = Stopwatch(policy.clock)
    }

    /// The next event; `nil` behind the last one, and after an error.
    func next(isolation actor: isolated (any Actor)?) async throws(CloudError) -> CvmStateEvent? {
        while !isOver {
            do throws(CloudError) {
                guard left > .zero else { return try timeIsOver() }
                guard let event = try await step(isolation: actor) else { continue }
                failures = 0
                failure = nil
                if event.isLast { close() }
                return event
            } catch {
                disconnect()
                guard error.isRetryable, !isOver else {
                    close()
                    throw error
                }
                failure = error
                failures += 1
                if left > .zero { try await pause(after: error, isolation: actor) }
            }
        }
        return nil
    }

    private var left: Duration { request.limit - stopwatch.elapsed() }

    private func close() {
        disconnect()
        isOver = true
    }

    private func disconnect() {
        connection = nil
        waiting = []
        isFirst = true
    }

    /// The event that says so; if there never was a state, the error that kept it from coming says more.
    private func timeIsOver() throws(CloudError) -> CvmStateEvent {
        close()
        guard let failure, last == nil else { return .timeout(last) }
        throw failure
    }

    /// Waits before the next attempt, longer after each that brings nothing.
    private func pause(after error: CloudError, isolation actor: isolated (any Actor)?) async throws(CloudError) {
        let wait = policy.delay(afterAttempt: failures, retryAfter: error.retryAfter)
        try await sleep(max(wait, min(reconnection ?? .zero, Self.longestReconnection)), isolation: actor)
    }

    private func sleep(_ time: Duration, isolation actor: isolated (any Actor)?) async throws(CloudError) {
        do {
            try await policy.clock.sleep(for: max(min(time, left), .zero))
        } catch {
            close()
            throw .transport(.cancelled)
        }
    }

    /// One step ahead; the event that it brought, if the reader does not know it yet.
    private func step(isolation actor: isolated (any Actor)?) async throws(CloudError) -> CvmStateEvent? {
        if let event = waiting.popFirst() { return try note(CvmStateEvent(event, last: last)) }
        if isPolling { return try await poll(isolation: actor) }
        guard let connection else { return try await connect(isolation: actor) }
        waiting = try await connection.next(isolation: actor)[...]
        reconnection = connection.reconnection ?? reconnection
        return nil
    }

    /// Keeps an event in mind.
    private func note(_ event: CvmStateEvent) throws(CloudError) -> CvmStateEvent? {
        switch event {
        case .state(let state):
            let isKnown = isFirst && state == last
            isFirst = false
            last = state
            failures = 0
            return isKnown ? nil : event
        case .complete(let state):
            last = state
            return event
        case .timeout:
            // The service has a limit of its own for one stream; ours may be longer.
            if left > .seconds(1) { throw CvmStateConnection.ended }
            return event
        case .error, .other:
            return event
        }
    }

    /// Opens a stream; the event of the answer where the deployment answers with the state instead.
    private func connect(isolation actor: isolated (any Actor)?) async throws(CloudError) -> CvmStateEvent? {
        guard let place = await CvmStateConnection.Place(client.streamLimit, within: left, on: policy.clock) else {
            if Task.isCancelled { throw .transport(.cancelled) }
            return nil
        }
        let left = max(left, .seconds(1))
        // Some seconds more than the service is asked for, so that its own word about the time can come.
        let opening = try await client.open(
            request.streaming(for: left), deadline: min(left, Self.longestStream) + .seconds(2),
            idleLimit: request.longestSilence)
        switch opening {
        case .stream(let stream):
            connection = CvmStateConnection(stream, place, limit: client.options.maximumBodyBytes)
            return nil
        case .answer(let answer):
            isPolling = true
            return event(of: try answer.value())
        }
    }

    /// Asks for the state after a while.
    private func poll(isolation actor: isolated (any Actor)?) async throws(CloudError) -> CvmStateEvent? {
        try await sleep(request.pollInterval, isolation: actor)
        guard left > .zero else { return nil }
        let call = CloudRequest.get(["cvms", request.id, "state"])
        return event(of: try await client.send(call, within: max(left, .seconds(1))).value())
    }

    private func event(of state: CvmState) -> CvmStateEvent? {
        let isKnown = state == last
        last = state
        failures = 0
        if request.isReached(by: state) { return .complete(state) }
        return isKnown ? nil : .state(state)
    }
}
