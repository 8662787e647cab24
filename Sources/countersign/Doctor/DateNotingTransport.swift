// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Orchestrator
import Synchronization

/// A transport that remembers what time it was at the server when it answered.
final class DateNotingTransport: HTTPTransport {
    /// A server's clock beside this machine's.
    struct Reading: Sendable, Hashable {
        /// The server's time, in whole seconds.
        let server: Timestamp
        /// This machine's time when the answer came.
        let here: Timestamp

        /// How far this machine is ahead, in milliseconds.
        var ahead: Int64 { here.milliseconds - server.milliseconds }
    }

    private let transport: any HTTPTransport
    private let last = Mutex<Reading?>(nil)

    /// Watches a transport.
    init(_ transport: any HTTPTransport) {
        self.transport = transport
    }

    /// The newest reading; `nil` when no answer had a date.
    var reading: Reading? { last.withLock { $0 } }

    /// Sends a request and notes the answer's date.
    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let response = try await transport.send(request)
        note(response.headers)
        return response
    }

    /// Opens a stream and notes the answer's date.
    func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream {
        let stream = try await transport.stream(request)
        note(stream.headers)
        return stream
    }

    private func note(_ headers: HTTPHeaders) {
        guard let seconds = headers["Date"].flatMap(HTTPDate.seconds) else { return }
        let server = Timestamp(milliseconds: seconds * 1000)
        let here = SystemClock().now()
        last.withLock { $0 = Reading(server: server, here: here) }
    }
}
