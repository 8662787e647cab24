// SPDX-License-Identifier: Apache-2.0

/// Tells how long ago it was made, by any clock.
struct Stopwatch: Sendable {
    /// The time since then.
    let elapsed: @Sendable () -> Duration

    /// Starts.
    init(_ clock: any Clock<Duration>) {
        elapsed = Self.start(clock)
    }

    private static func start<C: Clock<Duration>>(_ clock: C) -> @Sendable () -> Duration {
        let start = clock.now
        return { start.duration(to: clock.now) }
    }
}
