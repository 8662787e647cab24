// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import HTTPTransport

@Suite("Requests and answers over libcurl")
struct CurlTransportTests {
    let transport = CurlTransport()

    private func get(_ url: String, deadline: Duration = .seconds(20)) -> HTTPRequest {
        HTTPRequest(method: .get, url: url, deadline: deadline)
    }

    @Test("the answer carries status, header fields and body, and the request what was asked for")
    func roundTrip() async throws {
        try await LoopbackServer.run(script: { _ in
            [answer("{\"a\":1}", status: "418 Short", headers: ["X-One: 1", "x-one:  2 ", "Content-Type: a/B; c=d"])]
        }) { server in
            let response = try await transport.send(
                HTTPRequest(
                    method: .patch, url: server.url + "/a/../b?c=d",
                    headers: [HTTPHeader("X-API-Key", "k"), HTTPHeader("X-Empty", "")],
                    body: Array("{}".utf8)))
            #expect(response.status == 418)
            #expect(response.headers.values(of: "X-ONE") == ["1", "2"])
            #expect(response.headers.mediaType == "a/b")
            #expect(String(decoding: response.body, as: UTF8.self) == "{\"a\":1}")

            let request = try #require(server.requests.first)
            #expect(request.requestLine == "PATCH /a/../b?c=d HTTP/1.1")
            #expect(request.header("x-api-key") == "k")
            #expect(request.header("x-empty") == "")
            #expect(request.header("user-agent") == "countersign")
            #expect(request.header("content-length") == "2")
            #expect(request.header("expect") == nil)
            #expect(request.header("content-type") == nil)
            #expect(request.header("accept-encoding") == nil)
            #expect(request.body == Array("{}".utf8))
        }
    }

    @Test("every method goes out as itself, with and without a body", arguments: HTTPMethod.allCases)
    func methods(method: HTTPMethod) async throws {
        try await LoopbackServer.run(script: { request in
            request.requestLine.hasPrefix("HEAD")
                ? [.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")] : [answer("")]
        }) { server in
            for body in [nil, [], Array(repeating: UInt8(7), count: 100_000)] as [[UInt8]?]
            where method != .head || body == nil {
                let request = HTTPRequest(method: method, url: server.url, body: body)
                let response = try await transport.send(request)
                #expect(response.status == 200)
                let seen = try #require(server.requests.last)
                #expect(seen.requestLine == "\(method.rawValue) / HTTP/1.1")
                #expect(seen.body == body ?? [])
                #expect(seen.header("expect") == nil)
            }
        }
    }

    @Test("connections are kept alive and reused by repeatable requests")
    func keepAlive() async throws {
        try await LoopbackServer.run(script: { _ in [answer("ok")] }) { server in
            for _ in 0..<20 { _ = try await transport.send(get(server.url)) }
            #expect(server.requests.count == 20)
            #expect(server.connections == 1)
        }
    }

    @Test("a redirect is an answer and is not followed")
    func redirect() async throws {
        try await LoopbackServer.run(script: { request in
            [answer("", status: "302 Found", headers: ["Location: /elsewhere"])]
        }) { server in
            let response = try await transport.send(get(server.url))
            #expect(response.status == 302)
            #expect(response.headers["location"] == "/elsewhere")
            #expect(server.requests.count == 1)
        }
    }

    @Test("interim answers are skipped, trailers do not change the fields")
    func interimAndTrailers() async throws {
        try await LoopbackServer.run(script: { _ in
            [
                .send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"),
                .send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Late\r\n\r\n"),
                .send("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n"),
            ]
        }) { server in
            let response = try await transport.send(get(server.url))
            #expect(response.body == Array("abcde".utf8))
            #expect(response.headers["x-early"] == nil)
            #expect(response.headers["x-late"] == nil)
        }
    }

    @Test("an answer without a body, such as 204 or 304, is complete")
    func withoutBody() async throws {
        try await LoopbackServer.run(script: { _ in [.send("HTTP/1.1 204 No Content\r\n\r\n")] }) { server in
            let response = try await transport.send(get(server.url))
            #expect(response.status == 204)
        }
    }

    @Test("many requests at once each get their own answer, within the limit on connections")
    func concurrency() async throws {
        let transport = CurlTransport(options: CurlTransportOptions(maximumConcurrentRequests: 6))
        try await LoopbackServer.run(script: { [answer($0.target)] }) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<120 {
                    group.addTask {
                        let response = try await transport.send(get("\(server.url)/\(index)"))
                        #expect(String(decoding: response.body, as: UTF8.self) == "/\(index)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(server.requests.count == 120)
            #expect(server.mostOpenConnections <= 6)
        }
    }

    @Test("many transports at once, each with its own thread, come and go")
    func transportsComeAndGo() async throws {
        try await LoopbackServer.run(script: { [answer($0.target)] }) { server in
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<30 {
                    group.addTask {
                        let status = try? await CurlTransport().send(get(server.url)).status
                        #expect(status == 200)
                    }
                }
            }
        }
    }

    @Test("a process may exit while a request is under way")
    func exitWhileBusy() async {
        await #expect(processExitsWith: .exitCode(7)) {
            let server = try LoopbackServer(script: { _ in [.hold] })
            server.start()
            let request = HTTPRequest(method: .get, url: server.url)
            Task { _ = try? await CurlTransport().send(request) }
            await server.received(1)
            exit(7)
        }
    }
}
