// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import HTTPTransport

@Suite("Answers that come in pieces")
struct StreamTests: FaultSuite {
    let transport = CurlTransport()

    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    private static func chunk(_ text: String) -> LoopbackServer.Step {
        .send(String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n")
    }

    private func get(_ url: String, idleLimit: Duration? = nil, deadline: Duration = .seconds(600)) -> HTTPRequest {
        HTTPRequest(method: .get, url: url, deadline: deadline, idleLimit: idleLimit)
    }

    /// Everything that comes until the end, and the error that ends it.
    private func drain(_ stream: HTTPStream) async -> (text: String, error: HTTPTransportError?) {
        var bytes: [UInt8] = []
        do {
            for try await piece in stream {
                #expect(!piece.isEmpty)
                bytes += piece
            }
            return (String(decoding: bytes, as: UTF8.self), nil)
        } catch {
            return (String(decoding: bytes, as: UTF8.self), error)
        }
    }

    /// The error in place of a head.
    private func refusal(_ request: HTTPRequest) async -> HTTPTransportError? {
        do {
            _ = try await transport.stream(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("head and pieces arrive while the server is still at it")
    func pieces() async throws {
        let gate = Gate()
        try await LoopbackServer.run(script: { _ in
            [
                .send(Self.head), Self.chunk("one"), .wait(gate), Self.chunk("two"), Self.chunk("three"),
                .send("0\r\n\r\n"),
            ]
        }) { server in
            let stream = try await transport.stream(get(server.url))
            #expect(stream.status == 200)
            #expect(stream.headers.mediaType == "text/event-stream")
            var reader = stream.makeAsyncIterator()
            #expect(try await reader.next() == Array("one".utf8))
            gate.open()
            let (text, error) = await drain(stream)
            #expect(text == "twothree")
            #expect(error == nil)
            #expect(try await reader.next() == nil)
        }
    }

    @Test("an answer of another status, or without a body, is a stream, too")
    func otherAnswers() async throws {
        try await LoopbackServer.run(script: { request in
            request.target == "/none"
                ? [.send("HTTP/1.1 204 No Content\r\n\r\n")] : [answer("no", status: "404 Not Found")]
        }) { server in
            let none = try await transport.stream(get(server.url + "/none"))
            #expect(none.status == 204)
            #expect(await drain(none).text.isEmpty)
            let missing = try await transport.stream(get(server.url))
            #expect(missing.status == 404)
            #expect(await drain(missing).text == "no")
            #expect(server.connections == 1)
        }
    }

    @Test("a cut in the middle is an error behind what came before", arguments: [true, false])
    func cut(byReset: Bool) async throws {
        let gate = Gate()
        try await LoopbackServer.run(script: { _ in
            [.send(Self.head), Self.chunk("one"), .wait(gate), byReset ? .reset : .close]
        }) { server in
            let stream = try await transport.stream(get(server.url))
            var reader = stream.makeAsyncIterator()
            #expect(try await reader.next() == Array("one".utf8))
            gate.open()
            #expect(Loss(await drain(stream).error) == Loss(true, .cut))
        }
    }

    @Test("no answer is the same error as without a stream")
    func noAnswer() async throws {
        try await LoopbackServer.run(script: { _ in [.close] }) { server in
            #expect(Loss(await refusal(get(server.url))) == Loss(true, .closed))
        }
        #expect(await refusal(get("http://a.example")) == .insecureURL(host: "a.example"))
    }

    @Test("cancelling the reader ends the transfer and the connection", arguments: [false, true])
    func cancel(beforeHead: Bool) async throws {
        let gone = Gate()
        try await LoopbackServer.run(script: { _ in
            (beforeHead ? [] : [.send(Self.head), Self.chunk("one")]) + [.untilGone(gone)]
        }) { server in
            let first = Gate()
            let request = get(server.url)
            let task = Task { () async -> HTTPTransportError? in
                do throws(HTTPTransportError) {
                    for try await _ in try await transport.stream(request) { first.open() }
                    return nil
                } catch {
                    return error
                }
            }
            if beforeHead { await server.received(1) } else { await first.opened() }
            task.cancel()
            #expect(await task.value == .cancelled)
            await gone.opened()
        }
    }

    @Test("dropping a stream ends the transfer and the connection")
    func drop() async throws {
        let gone = Gate()
        try await LoopbackServer.run(script: { _ in [.send(Self.head), Self.chunk("one"), .untilGone(gone)] }) {
            server in
            _ = try await transport.stream(get(server.url))
            await gone.opened()
        }
    }

    @Test("silence beyond the limit ends a stream; time in which the reader is behind does not count")
    func idle() async throws {
        try await LoopbackServer.run(script: { _ in [.send(Self.head), Self.chunk("one"), .hold] }) { server in
            let stream = try await transport.stream(get(server.url, idleLimit: .milliseconds(300)))
            let (text, error) = await drain(stream)
            #expect(text == "one")
            #expect(Loss(error) == Loss(true, .stalled))
        }
        try await LoopbackServer.run(script: { _ in [.hold] }) { server in
            let error = await refusal(get(server.url, idleLimit: .milliseconds(200)))
            #expect(error == .lost(HTTPFailure(.stalled, "nothing came for 0.2 seconds")))
        }
    }

    @Test("the deadline of the request ends a stream that never ends")
    func deadline() async throws {
        try await LoopbackServer.run(script: { _ in
            [.send("HTTP/1.1 200 OK\r\n\r\n"), .trickle(UInt8(ascii: "x"), every: .milliseconds(10))]
        }) { server in
            let stream = try await transport.stream(get(server.url, deadline: .milliseconds(500)))
            let error = await drain(stream).error
            #expect(Loss(error) == Loss(true, .timedOut))
        }
    }

    @Test("a reader who is behind makes an endless stream wait, so that memory stays bounded")
    func backPressure() async throws {
        let options = CurlTransportOptions(streamBufferBytes: 64 * 1024)
        let transport = CurlTransport(options: options)
        let piece = [UInt8](repeating: 7, count: 65536)
        let sent = Mutex(0)
        try await LoopbackServer.run(script: { _ in
            [.send("HTTP/1.1 200 OK\r\n\r\n"), .flood(piece) { count in sent.withLock { $0 += count } }]
        }) { server in
            let stream = try await transport.stream(get(server.url, idleLimit: .seconds(120)))
            var reader = stream.makeAsyncIterator()
            // Until the server cannot go on: then all that it sent is in the sockets and in the buffer.
            var stuck = 0
            var last = -1
            while stuck < 5 {
                let now = sent.withLock { $0 }
                stuck = now == last && now > 0 ? stuck + 1 : 0
                last = now
                try await Task.sleep(for: .milliseconds(50))
            }
            let first = try #require(await reader.next())
            #expect(first.count <= 64 * 1024 + 16 * 1024)

            // And it goes on: more is read than was under way, in pieces within the bound.
            var total = first.count
            while total < last + 8 * 1024 * 1024 {
                let next = try #require(await reader.next())
                #expect(next.count <= 64 * 1024 + 16 * 1024)
                #expect(next.allSatisfy { $0 == 7 })
                total += next.count
            }
        }
    }

    @Test("streams and whole answers go side by side over one transport")
    func sideBySide() async throws {
        let gate = Gate()
        try await LoopbackServer.run(script: { request in
            guard request.target == "/stream" else { return [answer(request.target)] }
            return [.send(Self.head), Self.chunk("a"), .wait(gate), Self.chunk("b"), .send("0\r\n\r\n")]
        }) { server in
            var streams: [HTTPStream] = []
            for _ in 0..<5 { streams.append(try await transport.stream(get(server.url + "/stream"))) }
            for index in 0..<20 {
                let response = try await transport.send(get("\(server.url)/\(index)"))
                #expect(response.body == Array("/\(index)".utf8))
            }
            gate.open()
            for stream in streams { #expect(await drain(stream).text == "ab") }
        }
    }

    @Test("a transport without streams of its own hands the whole answer over as one piece")
    func wholeAnswer() async throws {
        struct Fixed: HTTPTransport {
            func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
                HTTPResponse(status: 201, body: [1, 2, 3])
            }
        }
        let stream = try await Fixed().stream(get("https://a.example"))
        #expect(stream.status == 201)
        var reader = stream.makeAsyncIterator()
        #expect(try await reader.next() == [1, 2, 3])
        #expect(try await reader.next() == nil)
    }

    @Test("a header field that only looks like the one before is sent as it is")
    func spellingOfHeaders() async throws {
        let transport = CurlTransport(options: CurlTransportOptions(maximumConcurrentRequests: 1))
        try await LoopbackServer.run(script: { _ in [answer("ok")] }) { server in
            for value in ["e\u{301}", "\u{e9}"] {
                let headers = [HTTPHeader("X-Name", value)]
                _ = try await transport.send(HTTPRequest(method: .get, url: server.url, headers: headers))
                let seen = try #require(server.requests.last?.header("x-name"))
                #expect(seen.unicodeScalars.elementsEqual(value.unicodeScalars))
            }
        }
    }

    @Test("one handle after the other: options of one request do not reach the next")
    func optionsStayApart() async throws {
        let transport = CurlTransport(options: CurlTransportOptions(maximumConcurrentRequests: 1))
        try await LoopbackServer.run(script: { request in
            [answer(request.requestLine.hasPrefix("HEAD") ? "" : "\(request.body.count)")]
        }) { server in
            let bodies: [[UInt8]?] = [nil, [1], nil, [], [1, 2, 3], nil]
            for round in 0..<3 {
                for method in HTTPMethod.allCases where method != .head {
                    for (index, body) in bodies.enumerated() {
                        let headers = index % 2 == round % 2 ? [HTTPHeader("X-Index", "\(index)")] : []
                        let url = server.url + "/\(index % 3)"
                        let request = HTTPRequest(method: method, url: url, headers: headers, body: body)
                        let response = try await transport.send(request)
                        #expect(response.body == Array("\(body?.count ?? 0)".utf8))
                        let seen = try #require(server.requests.last)
                        #expect(seen.requestLine == "\(method.rawValue) /\(index % 3) HTTP/1.1")
                        #expect(seen.header("x-index") == headers.first?.value)
                    }
                }
            }
        }
    }
}
