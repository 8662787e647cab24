// SPDX-License-Identifier: Apache-2.0

/// A transport whose requests end when a given time is over, whatever their own deadline says.
///
/// Each request still gets a second, so that one that is started late can tell whether the server is there. A write that
/// is cut off this way is ``HTTPTransportError/lost(_:)``, as any other without an answer.
public struct TimeBoundTransport: HTTPTransport {
    private static let least: Duration = .seconds(1)

    private let inner: any HTTPTransport
    private let end: ContinuousClock.Instant

    /// Bounds a transport.
    public init(_ inner: any HTTPTransport, until end: ContinuousClock.Instant) {
        self.inner = inner
        self.end = end
    }

    /// Sends a request, with the shorter of its own deadline and the time that is left.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        try await inner.send(bounded(request))
    }

    /// Opens a stream, with the shorter of its own deadline and the time that is left.
    public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream {
        try await inner.stream(bounded(request))
    }

    private func bounded(_ request: HTTPRequest) -> HTTPRequest {
        var bounded = request
        bounded.deadline = min(request.deadline, max(ContinuousClock.now.duration(to: end), Self.least))
        return bounded
    }
}
