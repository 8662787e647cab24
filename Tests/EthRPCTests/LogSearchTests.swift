// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import StrictJSON
import Synchronization
import Testing

@testable import EthRPC

@Suite("Logs over many blocks")
struct LogSearchTests {
    private let filter = LogFilter(range: .blocks(0...0), addresses: [], topics: [])

    /// An endpoint with one log in every block, which refuses ranges of more than `limit` blocks in its own words.
    private func endpoint(
        limit: UInt64, batches: Bool = true, results: UInt64 = .max,
        words: @escaping @Sendable (UInt64, UInt64) -> String = { _, _ in "exceed maximum block range" }
    ) -> FakeEndpoint {
        FakeEndpoint { call, _ in
            guard batches || !call.isBatch else {
                return FakeEndpoint.json(
                    ["jsonrpc": "2.0", "id": .null, "error": ["code": -32600, "message": "batches are not allowed"]])
            }
            return FakeEndpoint.reply(
                call,
                call.items.map { item in
                    let (first, last) = bounds(item)
                    guard last - first < limit else { return item.error(-32000, words(first, limit)) }
                    guard last - first < results else { return item.error(-32005, "query returned too many results") }
                    return item.result(.array((first...last).map(log)))
                })
        }
    }

    @Test(
        "every block is asked for, and its logs are taken once, whatever range the endpoint accepts",
        arguments: [1, 3, 64, 1000] as [UInt64], [true, false])
    func complete(limit: UInt64, batches: Bool) async throws {
        let endpoint = endpoint(limit: limit, batches: batches)
        let logs = try await HTTPNode(endpoint).logs(filter, in: 5...204, span: 128, requestLimit: 1000)
        #expect(logs.map(\.blockNumber) == Array(5...204))
    }

    @Test("a limit that is told is learned at once, and several ranges go into one request")
    func learned() async throws {
        let endpoint = endpoint(limit: 1000) { _, limit in "exceed maximum block range: \(limit)" }
        let logs = try await HTTPNode(endpoint).logs(filter, in: 1...15_000)
        #expect(logs.count == 15_000)
        #expect(endpoint.calls.count == 2)
    }

    @Test("a limit on results cuts only where there are too many")
    func results() async throws {
        let endpoint = endpoint(limit: .max, results: 600)
        let logs = try await HTTPNode(endpoint).logs(filter, in: 0...999)
        #expect(logs.count == 1000)
        #expect(endpoint.calls.count == 2)
    }

    @Test("an answer that is too long is asked for in smaller parts")
    func tooLong() async throws {
        let endpoint = FakeEndpoint { call, _ throws(HTTPTransportError) in
            let count = call.items.map(bounds).reduce(0) { $0 + ($1.1 - $1.0 + 1) }
            guard count <= 100 else { throw .bodyTooLarge(limit: 1) }
            return FakeEndpoint.reply(
                call,
                call.items.map { item in
                    let (first, last) = bounds(item)
                    return item.result(.array((first...last).map(log)))
                })
        }
        let logs = try await HTTPNode(endpoint).logs(filter, in: 0...999, span: 300)
        #expect(logs.map(\.blockNumber) == Array(0...999))
    }

    /// What an endpoint, or a proxy before it, does about a search that takes too long.
    enum Silence: Sendable {
        case timeout, closed, status413, status502, status503, status504, oneError
        case status429, pause, cancelled, unreachable, pruned

        /// What a shorter search may mend.
        static let ofLongSearches: [Silence] = [
            .timeout, .closed, .status413, .status502, .status503, .status504, .oneError,
        ]

        /// What has nothing to do with the search.
        static let others: [Silence] = [.status429, .pause, .cancelled, .unreachable, .pruned]

        func answer() throws(HTTPTransportError) -> HTTPResponse {
            switch self {
            case .timeout: throw .lost(HTTPFailure(.timedOut))
            case .closed: throw .lost(HTTPFailure(.closed))
            case .status413: HTTPResponse(status: 413)
            case .status502: HTTPResponse(status: 502)
            case .status503: HTTPResponse(status: 503)
            case .status504: HTTPResponse(status: 504)
            case .oneError: LogSearchTests.refusal("request timed out")
            case .status429: HTTPResponse(status: 429)
            case .pause: LogSearchTests.refusal("rate limit exceeded")
            case .cancelled: throw .cancelled
            case .unreachable: throw .notSent(HTTPFailure(.connect))
            case .pruned: LogSearchTests.refusal("history has been pruned")
            }
        }
    }

    private static func refusal(_ message: String) -> HTTPResponse {
        FakeEndpoint.json(
            ["jsonrpc": "2.0", "id": .null, "error": ["code": -32000, "message": .string(message)]])
    }

    /// An endpoint with one log in every block that answers searches of more than `limit` blocks otherwise.
    private func silent(over limit: UInt64, _ silence: Silence) -> FakeEndpoint {
        FakeEndpoint { call, _ throws(HTTPTransportError) in
            let searches = call.items.filter { $0.method == "eth_getLogs" }.map(bounds)
            guard searches.reduce(0, { $0 + ($1.1 - $1.0 + 1) }) <= limit else { return try silence.answer() }
            return FakeEndpoint.reply(
                call,
                call.items.map { item in
                    guard item.method == "eth_getLogs" else { return item.result("0x1") }
                    let (first, last) = bounds(item)
                    return item.result(.array((first...last).map(log)))
                })
        }
    }

    @Test("a search that is not answered is made in smaller parts", arguments: Silence.ofLongSearches)
    func unanswered(_ silence: Silence) async throws {
        let endpoint = silent(over: 100, silence)
        // With the check of the chain before it: none of the answers makes it no endpoint of a chain.
        let node = FailoverNode([try HTTPNode(endpoint)], chainID: 1)
        let logs = try await node.logs(filter, in: 0...999, span: 300)
        #expect(logs.map(\.blockNumber) == Array(0...999))
    }

    @Test(
        "an endpoint that answers nothing at all is told as it is, after few requests",
        arguments: Silence.ofLongSearches)
    func dead(_ silence: Silence) async throws {
        let endpoint = silent(over: 0, silence)
        let error = await #expect(throws: LogSearchError.self) {
            try await HTTPNode(endpoint).logs(filter, in: 0...1_000_000)
        }
        guard case .service(let told)? = error, !told.isCancellation else {
            Issue.record("\(String(describing: error))")
            return
        }
        // A batch that is refused with 413 is cut down to single requests each time.
        #expect(endpoint.calls.count <= (silence == .status413 ? 20 : 8))
    }

    @Test(
        "a pause that is asked for, a cancellation, and what cannot be reached or mended are told at once",
        arguments: Silence.others)
    func toldAtOnce(_ silence: Silence) async throws {
        let endpoint = silent(over: 100, silence)
        let error = await #expect(throws: LogSearchError.self) {
            try await HTTPNode(endpoint).logs(filter, in: 0...100_000)
        }
        if case .service? = error {} else { Issue.record("\(String(describing: error))") }
        #expect(endpoint.calls.count == 1)
    }

    @Test("a refusal that names only what was asked for halves the range")
    func namesWhatWasAsked() async throws {
        let endpoint = FakeEndpoint { call, _ in
            FakeEndpoint.reply(
                call,
                call.items.map { item in
                    let (first, last) = bounds(item)
                    guard last - first < 1000 else {
                        return item.error(-32000, "block range \(last - first) is too large")
                    }
                    return item.result(.array((first...last).map(log)))
                })
        }
        let logs = try await HTTPNode(endpoint).logs(filter, in: 5...10_004, requestLimit: 10)
        #expect(logs.count == 10_000)
    }

    @Test("the number of requests is bounded, and an incomplete result is none")
    func bounded() async throws {
        let endpoint = endpoint(limit: 1)
        await #expect(throws: LogSearchError.tooManyRequests(limit: 20)) {
            try await HTTPNode(endpoint).logs(filter, in: 0...10_000, requestLimit: 20)
        }
        #expect(endpoint.calls.count == 20)
    }

    @Test("an endpoint that refuses a single block ends the search with its words")
    func refused() async throws {
        let endpoint = endpoint(limit: 0)
        await #expect(
            throws: LogSearchError.call(.node(RPCNodeError(code: -32000, message: "exceed maximum block range")))
        ) {
            try await HTTPNode(endpoint).logs(filter, in: 7...9)
        }
    }

    @Test("an endpoint without the method is asked once")
    func missing() async throws {
        let endpoint = FakeEndpoint { call, _ in
            FakeEndpoint.reply(call, call.items.map { $0.error(-32601, "the method does not exist") })
        }
        await #expect(throws: LogSearchError.self) {
            try await HTTPNode(endpoint).logs(filter, in: 0...1_000_000)
        }
        #expect(endpoint.calls.count == 1)
    }

    @Test("the end of all numbers is no trap")
    func extremes() async throws {
        let logs = try await HTTPNode(endpoint(limit: 10)).logs(filter, in: (.max - 3)...(.max), span: .max)
        #expect(logs.count == 4)
    }

    @Test(
        "the newest wanted log is found, and what is older is not asked for", arguments: [1, 7, 1000] as [UInt64],
        [true, false])
    func newest(limit: UInt64, batches: Bool) async throws {
        let endpoint = endpoint(limit: limit, batches: batches)
        let found = try await HTTPNode(endpoint).newestLog(filter, in: 0...2000, span: limit, requestLimit: 3000) {
            $0.blockNumber == 1960 || $0.blockNumber == 1990
        }
        #expect(found?.blockNumber == 1990)
        let oldest = endpoint.calls.flatMap(\.items).map { bounds($0).0 }.min()
        #expect((oldest ?? 0) >= (limit == 1000 ? 0 : 1870))
    }

    @Test("a wanted log is not returned before newer ranges that were refused are answered")
    func newerFirst() async throws {
        // Ranges that hold block 1500 may have 100 blocks, all others any number.
        let endpoint = FakeEndpoint { call, _ in
            FakeEndpoint.reply(
                call,
                call.items.map { item in
                    let (first, last) = bounds(item)
                    if (first...last).contains(1500), last - first >= 100 {
                        return item.error(-32005, "query returned more than 100 results")
                    }
                    return item.result(.array((first...last).map(log)))
                })
        }
        let found = try await HTTPNode(endpoint).newestLog(filter, in: 0...1999, span: 1000) {
            $0.blockNumber == 700 || $0.blockNumber == 1500
        }
        #expect(found?.blockNumber == 1500)
    }

    @Test("when nothing is wanted, all blocks were asked for once")
    func nothing() async throws {
        let endpoint = endpoint(limit: 100) { _, limit in "limited to a \(limit) block range" }
        #expect(try await HTTPNode(endpoint).newestLog(filter, in: 3...4002) { _ in false } == nil)
        let answered = endpoint.calls.flatMap(\.items).map(bounds).filter { $0.1 - $0.0 < 100 }
        #expect(answered.flatMap { Array($0.0...$0.1) }.sorted() == Array(3...4002))
    }
}

/// The blocks that an item asks for.
private func bounds(_ item: FakeEndpoint.Item) -> (UInt64, UInt64) {
    func number(_ key: String) -> UInt64 {
        (item.params[0][key]?.string).flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? 0
    }
    return (number("fromBlock"), number("toBlock"))
}

@Sendable private func log(_ block: UInt64) -> JSON {
    [
        "address": .string(Address.zero.hex), "topics": [], "data": "0x", "logIndex": "0x0",
        "blockNumber": .string(Quantity.encode(block)), "blockHash": .string(Bytes32.zero.hex),
        "transactionHash": .string(Bytes32.zero.hex),
    ]
}
