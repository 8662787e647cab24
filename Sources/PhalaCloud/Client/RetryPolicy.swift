// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// How often and when a call that may be repeated is repeated.
///
/// Calls that read are repeated after every error that passes (``CloudError/isRetryable``). Calls that change something
/// are repeated only where that cannot do more than the first time: see the article <doc:Repeating>.
public struct RetryPolicy: Sendable {
    /// The greatest number of attempts, the first included.
    public var maximumAttempts: Int

    /// The wait before the second attempt; it doubles with each further one.
    public var firstDelay: Duration

    /// The longest wait that the doubling leads to.
    public var maximumDelay: Duration

    /// How long all attempts and waits may take together before no further attempt begins.
    public var budget: Duration

    /// What waits are measured by.
    public var clock: any Clock<Duration>

    /// A number from 0 up to but not including 1, by which waits are spread.
    public var random: @Sendable () -> Double

    /// Sets the policy.
    public init(
        maximumAttempts: Int = 5,
        firstDelay: Duration = .milliseconds(500),
        maximumDelay: Duration = .seconds(15),
        budget: Duration = .seconds(60),
        clock: any Clock<Duration> = ContinuousClock(),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.maximumAttempts = maximumAttempts
        self.firstDelay = firstDelay
        self.maximumDelay = maximumDelay
        self.budget = budget
        self.clock = clock
        self.random = random
    }
}

extension RetryPolicy {
    /// The wait after a failed attempt, counted from 1: half of the doubled wait and up to as much again by chance,
    /// and never less than the service asked for.
    func delay(afterAttempt attempt: Int, retryAfter: Duration?) -> Duration {
        var backoff = firstDelay
        for _ in 1..<max(attempt, 1) where backoff < maximumDelay { backoff = backoff * 2 }
        backoff = min(backoff, maximumDelay)
        let spread = backoff * 0.5 * min(max(random(), 0), 1)
        guard let retryAfter, retryAfter > backoff else { return backoff * 0.5 + spread }
        return retryAfter + spread
    }

    /// Runs a call until it succeeds, fails for good, or may not be repeated any more.
    func run<Value: Sendable>(
        _ repetition: Repetition, _ call: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        try await run(on: clock, repetition, call)
    }

    private func run<Value: Sendable, C: Clock<Duration>>(
        on clock: C, _ repetition: Repetition, _ call: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        let start = clock.now
        var attempt = 1
        var lost: CloudError?
        while true {
            do {
                return try await call()
            } catch {
                let wait = delay(afterAttempt: attempt, retryAfter: error.retryAfter)
                guard repetition.isAllowed(after: error), attempt < maximumAttempts,
                    start.duration(to: clock.now) + wait <= budget
                else { throw repetition.verdict(error, afterLost: lost) }
                if error.leavesOutcomeUnknown { lost = lost ?? error }
                do { try await clock.sleep(for: wait) } catch {
                    throw repetition.verdict(.transport(.cancelled), afterLost: lost)
                }
                attempt += 1
            }
        }
    }
}
