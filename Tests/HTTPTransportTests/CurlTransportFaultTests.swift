// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import HTTPTransport

@Suite("What a caller knows when no answer comes")
struct CurlTransportFaultTests {
    let transport = CurlTransport()

    /// The error of a request; fails the test when there is an answer.
    private func failure(
        _ request: HTTPRequest, _ transport: CurlTransport? = nil, at location: SourceLocation = #_sourceLocation
    ) async -> HTTPTransportError? {
        do {
            let response = try await (transport ?? self.transport).send(request)
            Issue.record("answered with \(response.status)", sourceLocation: location)
            return nil
        } catch {
            return error
        }
    }

    /// Whether the request may have been sent, and what went wrong.
    private struct Loss: Equatable {
        let isSent: Bool
        let kind: HTTPFailure.Kind

        init(_ isSent: Bool, _ kind: HTTPFailure.Kind) {
            self.isSent = isSent
            self.kind = kind
        }

        init?(_ error: HTTPTransportError?) {
            switch error {
            case .notSent(let failure)?: self.init(false, failure.kind)
            case .lost(let failure)?: self.init(true, failure.kind)
            case nil, .invalidURL?, .insecureURL?, .invalidHeader?, .unavailable?, .bodyTooLarge?, .cancelled?:
                return nil
            }
        }
    }

    private func loss(
        _ request: HTTPRequest, _ transport: CurlTransport? = nil, at location: SourceLocation = #_sourceLocation
    ) async -> Loss? {
        Loss(await failure(request, transport, at: location))
    }

    private func post(_ url: String, deadline: Duration = .seconds(20), isRepeatable: Bool = false) -> HTTPRequest {
        HTTPRequest(method: .post, url: url, body: [1, 2, 3], deadline: deadline, isRepeatable: isRepeatable)
    }

    @Test("a refused connection: nothing was sent")
    func refused() async throws {
        let server = try LoopbackServer(script: { _ in [] })
        let url = server.url
        server.stop()
        let error = await failure(post(url))
        #expect(Loss(error) == Loss(false, .connect))
        #expect(error?.isCertainlyNotSent == true)
    }

    @Test("a name without an address: nothing was sent")
    func unknownName() async throws {
        #expect(await loss(post("https://name.invalid/")) == Loss(false, .nameLookup))
    }

    @Test("TLS with a server that speaks none: nothing was sent")
    func noTLS() async throws {
        try await LoopbackServer.run(script: { _ in [] }) { server in
            let transfer = HTTPRequest(
                method: .post, url: "https://127.0.0.1:\(server.port)", body: [1], deadline: .milliseconds(500))
            #expect(await loss(transfer)?.isSent == false)
            #expect(server.requests.isEmpty)
        }
    }

    @Test("a connection that does not come about in time: nothing was sent")
    func connectTimeout() async throws {
        // Nobody accepts: when the queue of the listener is full, the kernel lets further connections wait.
        let server = try LoopbackServer(backlog: 0, script: { _ in [] })
        server.start(accepting: false)
        defer { server.stop() }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let result = await loss(post(server.url, deadline: .milliseconds(700)))
                    #expect(result?.kind == .timedOut)
                }
            }
        }
        #expect(await loss(post(server.url, deadline: .milliseconds(300))) == Loss(false, .timedOut))
    }

    @Test("no answer in time: lost", arguments: [true, false])
    func timeout(isRepeatable: Bool) async throws {
        try await LoopbackServer.run(script: { _ in [.hold] }) { server in
            let request = post(server.url, deadline: .milliseconds(200), isRepeatable: isRepeatable)
            #expect(await loss(request) == Loss(true, .timedOut))
            #expect(server.requests.count == 1)
        }
    }

    @Test("a connection that ends behind the request: lost, and sent once", arguments: [true, false])
    func closedWithoutAnswer(isReset: Bool) async throws {
        try await LoopbackServer.run(script: { _ in [isReset ? .reset : .close] }) { server in
            for isRepeatable in [false, true] {
                let before = server.requests.count
                #expect(await loss(post(server.url, isRepeatable: isRepeatable)) == Loss(true, .closed))
                #expect(server.requests.count == before + 1)
            }
        }
    }

    @Test("a kept-alive connection that dies behind a write: lost, never sent twice", arguments: [true, false])
    func deadKeepAliveWrite(isReset: Bool) async throws {
        try await LoopbackServer.run(script: { request in
            request.requestLine.hasPrefix("GET") ? [answer("ok")] : [isReset ? .reset : .close]
        }) { server in
            for method in [HTTPMethod.post, .patch, .put, .delete] {
                _ = try await transport.send(HTTPRequest(method: .get, url: server.url))
                let before = server.requests.count
                let error = await failure(HTTPRequest(method: method, url: server.url, body: [1]))
                #expect(Loss(error) == Loss(true, .closed))
                #expect(error?.isCertainlyNotSent == false)
                #expect(server.requests.count == before + 1)
            }
        }
    }

    @Test("a kept-alive connection that dies behind a read: sent once more over a new one")
    func deadKeepAliveRead() async throws {
        try await LoopbackServer.run(script: { request in
            request.ordinal == 0 ? [answer("\(request.connection)")] : [.close]
        }) { server in
            for _ in 0..<2 {
                let response = try await transport.send(post(server.url, isRepeatable: true))
                #expect(response.status == 200)
            }
            #expect(server.requests.map(\.connection) == [0, 0, 1])
        }
    }

    @Test("a connection that the server closed while idle is noticed, and the request goes out once")
    func closedWhileIdle() async throws {
        try await LoopbackServer.run(script: { _ in [answer("ok"), .close] }) { server in
            for _ in 0..<5 { _ = try await transport.send(post(server.url, isRepeatable: true)) }
            #expect(server.requests.count == 5)
            #expect(server.connections == 5)
        }
    }

    @Test("a second attempt of a write is stopped before its first byte, whoever asks for it")
    func secondAttempt() throws {
        let url = try EndpointURL("http://127.0.0.1")
        let write = CurlTransfer(request: post(url.text), url: url, options: CurlTransportOptions())
        #expect(write.willSend(to: "127.0.0.1"))
        #expect(!write.willSend(to: "127.0.0.1"))
        let read = CurlTransfer(
            request: post(url.text, isRepeatable: true), url: url, options: CurlTransportOptions())
        #expect(read.willSend(to: "127.0.0.1"))
        #expect(read.willSend(to: "127.0.0.1"))
    }

    @Test(
        "a body that is cut off: lost",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Cut",
        ])
    func cut(answer: String) async throws {
        try await LoopbackServer.run(script: { _ in [.send(answer), .close] }) { server in
            let error = await failure(post(server.url))
            #expect(Loss(error)?.isSent == true, "\(String(describing: error))")
            #expect(server.requests.count == 1)
        }
    }

    @Test("what is not HTTP: lost", arguments: ["SSH-2.0-x\r\n", "\u{16}\u{3}\u{1}", "HTTP/9.9 abc\r\n\r\n"])
    func notHTTP(answer: String) async throws {
        try await LoopbackServer.run(script: { _ in [.send(answer), .close] }) { server in
            #expect(await loss(post(server.url))?.isSent == true)
        }
    }

    @Test("a body over the limit ends the transfer, with and without a declared length", arguments: [true, false])
    func hugeBody(isDeclared: Bool) async throws {
        let block = [UInt8](repeating: 0x61, count: 1 << 20)
        let head = isDeclared ? "HTTP/1.1 200 OK\r\nContent-Length: \(64 << 20)\r\n\r\n" : "HTTP/1.1 200 OK\r\n\r\n"
        try await LoopbackServer.run(script: { _ in
            [.send(head)] + Array(repeating: .sendBytes(block), count: 64) + [.close]
        }) { server in
            var request = HTTPRequest(method: .get, url: server.url, maximumBodyBytes: 100_000)
            #expect(await failure(request) == .bodyTooLarge(limit: 100_000))
            request.maximumBodyBytes = 64 << 20
            let response = try await transport.send(request)
            #expect(response.body.count == 64 << 20)
        }
    }

    @Test("header fields over the limit end the transfer")
    func hugeHeader() async throws {
        let line = "X-Filler: " + String(repeating: "x", count: 1000) + "\r\n"
        try await LoopbackServer.run(script: { _ in
            [.send("HTTP/1.1 200 OK\r\n")] + Array(repeating: .send(line), count: 200) + [.close]
        }) { server in
            #expect(await loss(post(server.url)) == Loss(true, .malformed))
        }
    }

    @Test("an answer that trickles is given up long before its deadline")
    func trickle() async throws {
        let slow = CurlTransport(options: CurlTransportOptions(slowestBytesPerSecond: 1000, slowPeriod: .seconds(1)))
        try await LoopbackServer.run(script: { _ in
            [.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"), .trickle(0x20, every: .milliseconds(20))]
        }) { server in
            let request = HTTPRequest(method: .get, url: server.url, deadline: .seconds(600))
            #expect(await loss(request, slow) == Loss(true, .stalled))
        }
    }

    @Test("a server may think longer than an answer may stall")
    func thinking() async throws {
        let slow = CurlTransport(options: CurlTransportOptions(slowestBytesPerSecond: 1000, slowPeriod: .seconds(1)))
        try await LoopbackServer.run(script: { _ in
            usleep(2_500_000)
            return [answer("ok")]
        }) { server in
            let response = try await slow.send(HTTPRequest(method: .get, url: server.url))
            #expect(response.status == 200)
        }
    }

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
