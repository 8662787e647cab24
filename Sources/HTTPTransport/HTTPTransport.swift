// SPDX-License-Identifier: Apache-2.0

/// Sends requests and returns their answers, complete or as they come.
public protocol HTTPTransport: Sendable {
    /// Sends one request and waits for the whole answer, whatever its status. Redirects are answers, too.
    ///
    /// Ends soon after the task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse

    /// Sends one request and waits for the head of the answer, whatever its status; the body comes in pieces.
    ///
    /// The deadline of the request is that of the whole stream. Without an implementation of its own, a transport waits
    /// for the whole answer and then hands it over as one piece.
    func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream
}

extension HTTPTransport {
    /// Waits for the whole answer and hands it over as one piece.
    public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream {
        HTTPStream(try await send(request))
    }
}
