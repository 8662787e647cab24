// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Synchronization
import Testing

@Suite("A bounded transport")
struct TimeBoundTransportTests {
    private final class Recorder: HTTPTransport {
        let deadlines = Mutex<[Duration]>([])

        func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
            deadlines.withLock { $0.append(request.deadline) }
            return HTTPResponse(status: 200)
        }
    }

    @Test("gives a request the shorter of its own deadline and the time left, and never less than a second")
    func deadlines() async throws {
        let recorder = Recorder()
        let request = HTTPRequest(method: .get, url: "https://example.com", deadline: .seconds(30))
        _ = try await TimeBoundTransport(recorder, until: .now + .seconds(3600)).send(request)
        _ = try await TimeBoundTransport(recorder, until: .now + .seconds(10)).send(request)
        _ = try await TimeBoundTransport(recorder, until: .now - .seconds(10)).send(request)
        let given = recorder.deadlines.withLock { $0 }
        #expect(given[0] == .seconds(30))
        #expect(given[1] > .seconds(1) && given[1] <= .seconds(10))
        #expect(given[2] == .seconds(1))
    }
}
