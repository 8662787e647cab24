// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTPTransport

@Suite("What is cancelled, queued or refused")
struct CurlTransportRefusalTests: FaultSuite {
    let transport = CurlTransport()

    @Test("cancelling the task ends the request, whether it runs, waits for its turn or has not begun")
    func cancellation() async throws {
        let single = CurlTransport(options: CurlTransportOptions(maximumConcurrentRequests: 1))
        try await LoopbackServer.run(script: { _ in [.hold] }) { server in
            let request = post(server.url, deadline: .seconds(3600))
            let running = Task { await failure(request, single) }
            await server.received(1)
            let waiting = Task { await failure(request, single) }
            let early = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await failure(request, single)
            }
            #expect(await early.value == .cancelled)
            waiting.cancel()
            #expect(await waiting.value == .cancelled)
            running.cancel()
            #expect(await running.value == .cancelled)
            #expect(server.requests.count == 1)
        }
    }

    @Test("waiting for a turn counts against the deadline, and then nothing was sent")
    func deadlineWhileWaiting() async throws {
        let single = CurlTransport(options: CurlTransportOptions(maximumConcurrentRequests: 1))
        try await LoopbackServer.run(script: { _ in [.hold] }) { server in
            let running = Task { await failure(post(server.url, deadline: .seconds(3600)), single) }
            await server.received(1)
            let error = await failure(post(server.url, deadline: .milliseconds(100)), single)
            #expect(Loss(error) == Loss(false, .timedOut))
            running.cancel()
            _ = await running.value
            #expect(server.requests.count == 1)
        }
    }

    @Test("unprotected URLs are refused, unless allowed")
    func insecure() async {
        for url in ["http://example.com/", "http://10.0.0.1:8545", "http://[fe80::1]/", "http://localhost.evil.com"] {
            let error = await failure(HTTPRequest(method: .get, url: url))
            guard case .insecureURL? = error else {
                Issue.record("\(url): \(String(describing: error))")
                continue
            }
        }
    }

    @Test("a URL from elsewhere does not reach this machine, also by a name or an open connection")
    func publicOnly() async throws {
        try await LoopbackServer.run(script: { _ in [answer("ok")] }) { server in
            for host in ["127.0.0.1", "localhost"] {
                var request = HTTPRequest(method: .get, url: "http://\(host):\(server.port)", peers: .publicOnly)
                #expect(await loss(request) == Loss(false, .peerRefused))
                request.peers = .any
                _ = try await transport.send(request)
                request.peers = .publicOnly
                #expect(await loss(request) == Loss(false, .peerRefused))
            }
            #expect(server.requests.count == 2)
            #expect(server.connections <= 2)
        }
    }

    @Test(
        "header fields that would break the message are refused",
        arguments: [
            HTTPHeader("X-A", "b\r\nX-C: d"), HTTPHeader("X-A", "b\n"), HTTPHeader("X-A", "\0"), HTTPHeader("X A", "b"),
            HTTPHeader("", "b"), HTTPHeader("X-A:", "b"), HTTPHeader("Content-Length", "1"), HTTPHeader("host", "a"),
            HTTPHeader("Transfer-Encoding", "chunked"), HTTPHeader("X-Ä", "b"),
        ])
    func invalidHeader(field: HTTPHeader) async {
        let error = await failure(HTTPRequest(method: .get, url: "https://127.0.0.1:1", headers: [field]))
        guard case .invalidHeader? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("no error tells a secret of the request")
    func secrets() async throws {
        let server = try LoopbackServer(script: { _ in [] })
        server.stop()
        let request = HTTPRequest(
            method: .get, url: "http://me:sesame@127.0.0.1:\(server.port)/sesame?key=sesame",
            headers: [HTTPHeader("X-API-Key", "sesame")])
        let error = try #require(await failure(request))
        #expect(!"\(error) \(String(reflecting: error))".contains("sesame"))
        var dumped = ""
        dump(request.headers, to: &dumped)
        #expect(!dumped.contains("sesame"))
    }
}
