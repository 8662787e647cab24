// SPDX-License-Identifier: Apache-2.0

/// Sends requests and returns complete answers.
public protocol HTTPTransport: Sendable {
    /// Sends one request and waits for the whole answer, whatever its status. Redirects are answers, too.
    ///
    /// Ends soon after the task is cancelled.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}
