// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import HTTPTransport

@Suite("What a caller knows when no answer comes")
struct CurlTransportFaultTests: FaultSuite {
    let transport = CurlTransport()

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
}
