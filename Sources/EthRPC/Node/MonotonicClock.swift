// SPDX-License-Identifier: Apache-2.0

/// A source of instants that never go back, so that tests can set the time.
public struct MonotonicClock: Sendable {
    private let read: @Sendable () -> ContinuousClock.Instant

    /// Takes instants from a closure.
    public init(_ read: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.read = read
    }

    /// The clock of the system, which also counts while the machine sleeps.
    public static let system = MonotonicClock { .now }

    var now: ContinuousClock.Instant { read() }
}
