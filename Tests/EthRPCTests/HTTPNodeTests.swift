// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import StrictJSON
import Testing

@testable import EthRPC

@Suite("One endpoint over HTTP")
struct HTTPNodeTests {
    /// Answers `m5` with 5.
    private static func echo(_ item: FakeEndpoint.Item) -> JSON { item.params.first ?? .null }

    private static let plain: @Sendable (FakeEndpoint.Call, Int) throws(HTTPTransportError) -> HTTPResponse = {
        call, _ in FakeEndpoint.reply(call, call.items.map { $0.result(echo($0)) })
    }

    private func outcomes(_ count: Int) -> [RPCOutcome] { (0..<count).map { .value(.number(JSONNumber($0))) } }

    private func reason(
        _ node: HTTPNode, _ count: Int, at location: SourceLocation = #_sourceLocation
    ) async -> RPCError.Reason? {
        do {
            _ = try await node.perform(requests(count))
            Issue.record("answered", sourceLocation: location)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("a batch is one HTTP request, repeatable, within the limits")
    func batch() async throws {
        let endpoint = FakeEndpoint(Self.plain)
        let node = try HTTPNode(
            endpoint, options: HTTPNodeOptions(deadline: .seconds(3), maximumBodyBytes: 1000, peers: .publicOnly))
        #expect(try await node.perform(requests(9)) == outcomes(9))
        #expect(try await node.perform(requests(1)) == outcomes(1))
        #expect(try await node.perform([]) == [])
        #expect(endpoint.calls.map(\.isBatch) == [true, false])
        let request = try #require(endpoint.httpRequests.first)
        #expect(request.method == .post)
        #expect(request.isRepeatable)
        #expect(request.deadline == .seconds(3))
        #expect(request.maximumBodyBytes == 1000)
        #expect(request.peers == .publicOnly)
        #expect(request.headers.contains(HTTPHeader("Content-Type", "application/json")))
        let ids = endpoint.calls.flatMap(\.items).map(\.id)
        #expect(Set(ids).count == 10)
    }

    @Test("calls with values of different types share one HTTP request, each with its own result")
    func typedBatch() async throws {
        let endpoint = FakeEndpoint { call, _ in
            FakeEndpoint.reply(
                call,
                call.items.map { item in
                    switch item.method {
                    case "eth_chainId": item.result("0x2105")
                    case "eth_gasPrice": item.result("0x01")
                    case "eth_call": item.error(3, "execution reverted")
                    case _: item.result(.null)
                    }
                })
        }
        let node = try HTTPNode(endpoint)
        let hash = try TransactionHash(hex: "0x" + String(repeating: "ab", count: 32))
        let (chain, price, result, receipts) = try await node.batch(
            .chainID, .gasPrice, .call(to: .zero, data: []),
            .all([.transactionReceipt(hash), .transactionReceipt(hash)]))
        #expect(chain == .success(8453))
        guard case .failure(.undecodable(let error, .gasPrice)) = price else {
            Issue.record("\(price)")
            return
        }
        #expect(error.path == "$")
        #expect(result == .failure(.node(RPCNodeError(code: 3, message: "execution reverted"))))
        #expect(try receipts.get() == [.success(nil), .success(nil)])
        #expect(endpoint.calls.count == 1)
        #expect(endpoint.calls[0].items.count == 5)
    }

    @Test("more requests than a batch may hold are split")
    func split() async throws {
        let endpoint = FakeEndpoint(Self.plain)
        let node = try HTTPNode(endpoint, options: HTTPNodeOptions(maximumBatch: 4))
        #expect(try await node.perform(requests(9)) == outcomes(9))
        #expect(endpoint.calls.map(\.items.count) == [4, 4, 1])
    }

    @Test(
        "an endpoint without batches gets single requests, and that is remembered for a while",
        arguments: [
            FakeEndpoint.json(["jsonrpc": "2.0", "id": .null, "error": ["code": -32600, "message": "invalid request"]]),
            FakeEndpoint.json(["jsonrpc": "2.0", "id": .null, "error": ["code": -32700, "message": "parse error"]]),
            FakeEndpoint.json([
                "jsonrpc": "2.0", "id": .null, "error": ["code": -1, "message": "batch is not supported"],
            ]),
            HTTPResponse(status: 400, body: Array("bad request".utf8)), HTTPResponse(status: 405),
            HTTPResponse(status: 422, body: Array("{}".utf8)), HTTPResponse(status: 501),
        ])
    func fallback(refusal: HTTPResponse) async throws {
        let endpoint = FakeEndpoint { call, count throws(HTTPTransportError) in
            call.isBatch ? refusal : try Self.plain(call, count)
        }
        let time = ManualClock()
        let node = try HTTPNode(endpoint, clock: time.clock)
        #expect(try await node.perform(requests(3)) == outcomes(3))
        #expect(endpoint.calls.map(\.items.count) == [3, 1, 1, 1])
        #expect(try await node.perform(requests(2)) == outcomes(2))
        #expect(endpoint.calls.count == 6)
        time.advance(by: .seconds(301))
        #expect(try await node.perform(requests(2)) == outcomes(2))
        #expect(endpoint.calls.dropFirst(6).map(\.items.count) == [2, 1, 1])
    }

    @Test(
        "an endpoint with a limit on batches gets smaller ones",
        arguments: [
            "batch too large", "batch size exceeds the limit of 4", "too many requests in batch: maximum is 4",
        ])
    func halving(message: String) async throws {
        let endpoint = FakeEndpoint { call, count throws(HTTPTransportError) in
            guard call.items.count > 4 else { return try Self.plain(call, count) }
            return FakeEndpoint.json(.array([call.items[0].error(-32600, message)]))
        }
        let node = try HTTPNode(endpoint)
        if message.contains("too many requests") {
            // Indistinguishable from a rate limit by its words.
            #expect(await reason(node, 10) == .rateLimited(retryAfter: nil))
            return
        }
        #expect(try await node.perform(requests(10)) == outcomes(10))
        #expect(endpoint.calls.map(\.items.count) == [10, 5, 2, 2, 2, 2, 2])
    }

    @Test("an endpoint that refuses single requests, too, is not taken for one without batches")
    func refusesAll() async throws {
        let endpoint = FakeEndpoint { _, _ in HTTPResponse(status: 404, body: Array("no such page".utf8)) }
        let node = try HTTPNode(endpoint)
        for _ in 0..<2 {
            #expect(await reason(node, 3) == .status(404, retryAfter: nil, detail: "no such page"))
        }
        #expect(endpoint.calls.map(\.items.count) == [3, 1, 3, 1])
    }

    @Test(
        "one bad answer does not make an endpoint one without batches",
        arguments: [
            HTTPResponse(status: 500), HTTPResponse(status: 502), HTTPResponse(status: 200, body: Array("<html>".utf8)),
            HTTPResponse(status: 200, body: Array("[{\"jsonrpc\"".utf8)), HTTPResponse(status: 429),
            FakeEndpoint.json(["jsonrpc": "2.0", "id": .null, "error": ["code": -32603, "message": "internal error"]]),
        ])
    func transient(answer: HTTPResponse) async throws {
        let endpoint = FakeEndpoint { call, count throws(HTTPTransportError) in
            count == 0 ? answer : try Self.plain(call, count)
        }
        let node = try HTTPNode(endpoint)
        _ = await reason(node, 3)
        #expect(try await node.perform(requests(3)) == outcomes(3))
        #expect(endpoint.calls.map(\.items.count) == [3, 3])
    }

    @Test("a JSON-RPC error under a status of its own is the node's answer")
    func errorUnderStatus() async throws {
        let endpoint = FakeEndpoint { call, _ in
            FakeEndpoint.json(call.items[0].error(-32602, "Invalid params"), status: 400)
        }
        let node = try HTTPNode(endpoint)
        #expect(try await node.perform(requests(1)) == [.error(RPCNodeError(code: -32602, message: "Invalid params"))])
    }

    @Test("a request to slow down is known by status, code or words")
    func rateLimits() async throws {
        let status = FakeEndpoint { _, _ in
            HTTPResponse(status: 429, headers: HTTPHeaders([HTTPHeader("Retry-After", "7")]))
        }
        #expect(await reason(try HTTPNode(status), 2) == .rateLimited(retryAfter: .seconds(7)))
        for (code, message) in [
            (429, "x"), (-32005, "daily request limit reached"), (-32016, "over rate limit"),
            (-32007, "25/second request limit reached"), (-32000, "exceeded its compute units per second capacity"),
        ] {
            let endpoint = FakeEndpoint { call, _ in
                FakeEndpoint.reply(call, call.items.map { $0.error(code, message) })
            }
            #expect(await reason(try HTTPNode(endpoint), 2) == .rateLimited(retryAfter: nil), "\(message)")
        }
        let logs = FakeEndpoint { call, _ in
            FakeEndpoint.reply(call, call.items.map { $0.error(-32005, "query returned more than 10000 results") })
        }
        #expect(try await HTTPNode(logs).perform(requests(1)).count == 1)
    }

    @Test("errors name the endpoint and repeat neither its key nor control characters")
    func redaction() async throws {
        let echo = "\u{1b}[2J no access with 0123456789abcdef or sesame-sesame"
        for response in [
            HTTPResponse(status: 403, body: Array(echo.utf8)), HTTPResponse(status: 200, body: Array(echo.utf8)),
            FakeEndpoint.json(["jsonrpc": "2.0", "id": .null, "error": ["code": -32000, "message": .string(echo)]]),
        ] {
            let endpoint = FakeEndpoint { _, _ in response }
            do {
                _ = try await HTTPNode(endpoint).perform(requests(1))
                Issue.record("answered")
            } catch let error as RPCError {
                let text = "\(error) \(String(reflecting: error))"
                #expect(text.contains("https://node.example"))
                #expect(!text.contains("0123456789abcdef"))
                #expect(!text.contains("sesame"))
                #expect(!error.description.contains("\u{1b}"))
            }
        }
    }

    @Test("a failure of the transport is handed on")
    func transport() async throws {
        let endpoint = FakeEndpoint { _, _ throws(HTTPTransportError) in throw .lost(HTTPFailure(.timedOut)) }
        #expect(await reason(try HTTPNode(endpoint), 2) == .transport(.lost(HTTPFailure(.timedOut))))
    }
}
