// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Time as the engine sees it; simulated in tests.
public protocol EngineClock: Sendable {
    /// The wall clock: for records, never for measuring.
    func now() -> Timestamp

    /// A clock that only goes forward, from an arbitrary start.
    func uptime() -> Duration

    /// Waits; ends early, with an error, when the task is cancelled.
    func sleep(for duration: Duration) async throws(CancellationError)
}

/// The clocks of the machine.
public struct SystemClock: EngineClock {
    private let start = ContinuousClock.now

    /// The clocks of the machine.
    public init() {}

    /// The wall clock.
    public func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Time since this value was made.
    public func uptime() -> Duration {
        start.duration(to: .now)
    }

    /// Waits; ends early, with an error, when the task is cancelled.
    public func sleep(for duration: Duration) async throws(CancellationError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw CancellationError()
        }
    }
}
