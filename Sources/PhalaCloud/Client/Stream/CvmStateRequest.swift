// SPDX-License-Identifier: Apache-2.0

/// What is watched, and for how long.
struct CvmStateRequest: Sendable {
    /// The shortest and longest time, in seconds, between two looks of the service.
    static let intervals = 5...30

    /// The shortest and longest time, in seconds, that the service serves one stream.
    static let timeouts = 10...600

    let id: String
    let target: String

    /// How often the service looks, in seconds.
    let interval: Int

    /// How long to wait in all, over all connections.
    let limit: Duration

    /// The wait between two questions where the deployment has no streams.
    let pollInterval: Duration

    /// How long a stream may be silent before a new one is opened.
    ///
    /// Services tell what changes, and that the connection lives, more often than that.
    var longestSilence: Duration { .seconds(max(45, 3 * interval)) }

    /// Whether a state is the one that is waited for: by its word, and nothing is going on any more.
    func isReached(by state: CvmState) -> Bool {
        state.inProgress != true && state.status.lowercased().utf8.elementsEqual(target.lowercased().utf8)
    }

    /// The call that opens a stream for the time that is left.
    func streaming(for left: Duration) -> CloudRequest {
        let seconds = Int((left / .seconds(1)).rounded(.up))
        let timeout = min(max(seconds, Self.timeouts.lowerBound), Self.timeouts.upperBound)
        return .get(
            ["cvms", id, "state"],
            query: [("target", target), ("interval", String(interval)), ("timeout", String(timeout))])
    }
}
