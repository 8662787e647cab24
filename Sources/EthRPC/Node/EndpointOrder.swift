// SPDX-License-Identifier: Apache-2.0

/// In which order endpoints are asked: by preference, those that failed lately last.
struct EndpointOrder {
    private struct Standing {
        var until: ContinuousClock.Instant?
        var failures = 0
    }

    private var standings: [Standing]

    init(count: Int) {
        standings = Array(repeating: Standing(), count: count)
    }

    /// All endpoints in the order in which to ask them.
    func candidates(now: ContinuousClock.Instant) -> [Int] {
        var ready: [Int] = []
        var waiting: [(index: Int, until: ContinuousClock.Instant)] = []
        for (index, standing) in standings.enumerated() {
            if let until = standing.until, until > now {
                waiting.append((index, until))
            } else {
                ready.append(index)
            }
        }
        // The sort is stable: of equals, the preferred one comes first.
        return ready + waiting.sorted { $0.until < $1.until }.map(\.index)
    }

    /// Puts an endpoint back: 15 s after its first failure, twice as long after each further one, 4 min at most.
    mutating func putBack(_ index: Int, now: ContinuousClock.Instant, atLeast: Duration?) {
        standings[index].failures = min(standings[index].failures + 1, 5)
        let pause = Duration.seconds(15) * (1 << (standings[index].failures - 1))
        standings[index].until = now + max(pause, min(atLeast ?? .zero, .seconds(600)))
    }

    /// An endpoint has answered: its next failure counts as the first again.
    ///
    /// One that is put back stays so until its time is over, since it was asked only for want of a better one.
    mutating func recovered(_ index: Int) {
        standings[index].failures = 0
    }
}
