// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON
import Synchronization

@testable import EthRPC

/// An endpoint in memory: keeps the HTTP requests, and answers them as a closure says.
final class FakeEndpoint: HTTPTransport {
    /// The JSON-RPC requests of one HTTP request.
    struct Call: Sendable {
        let isBatch: Bool
        let items: [Item]
        var methods: [String] { items.map(\.method) }
    }

    struct Item: Sendable {
        let id: JSON
        let method: String
        let params: [JSON]

        func result(_ value: JSON) -> JSON { ["jsonrpc": "2.0", "id": id, "result": value] }
        func error(_ code: Int, _ message: String) -> JSON {
            ["jsonrpc": "2.0", "id": id, "error": ["code": .number(JSONNumber(code)), "message": .string(message)]]
        }
    }

    private let seen = Mutex<[Call]>([])
    private let requests = Mutex<[HTTPRequest]>([])
    private let respond: @Sendable (Call, Int) throws(HTTPTransportError) -> HTTPResponse

    /// The closure gets the call and how many came before.
    init(_ respond: @escaping @Sendable (Call, Int) throws(HTTPTransportError) -> HTTPResponse) {
        self.respond = respond
    }

    /// An endpoint that answers every request by its method.
    convenience init(results: @escaping @Sendable (Item) -> JSON) {
        self.init { call, _ in FakeEndpoint.reply(call, call.items.map { $0.result(results($0)) }) }
    }

    var calls: [Call] { seen.withLock { $0 } }
    var httpRequests: [HTTPRequest] { requests.withLock { $0 } }

    static func reply(_ call: Call, _ answers: [JSON]) -> HTTPResponse {
        json(call.isBatch ? .array(answers) : answers[0])
    }

    static func json(_ value: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: HTTPHeaders([HTTPHeader("Content-Type", "application/json")]),
            body: Array(value.text.utf8))
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        guard let json = try? JSON(parsing: request.body ?? []) else { throw .lost(HTTPFailure(.malformed, "no JSON")) }
        let items = (json.array ?? [json]).map {
            Item(id: $0["id"] ?? .null, method: $0["method"]?.string ?? "", params: $0["params"]?.array ?? [])
        }
        let call = Call(isBatch: json.array != nil, items: items)
        requests.withLock { $0.append(request) }
        let count = seen.withLock { seen in
            seen.append(call)
            return seen.count - 1
        }
        return try respond(call, count)
    }
}

/// An instant that tests move by hand.
final class ManualClock: Sendable {
    private let instant = Mutex(ContinuousClock.now)

    var clock: MonotonicClock { MonotonicClock { self.instant.withLock { $0 } } }

    func advance(by duration: Duration) { instant.withLock { $0 += duration } }
}

extension HTTPNode {
    /// A node at a URL that carries a key, over a fake endpoint.
    convenience init(
        _ endpoint: FakeEndpoint, name: String = "node.example", options: HTTPNodeOptions = HTTPNodeOptions(),
        clock: MonotonicClock = .system
    ) throws {
        let url = try EndpointURL("https://\(name)/v2/0123456789abcdef?apikey=sesame-sesame")
        self.init(url: url, transport: endpoint, options: options, clock: clock)
    }
}

/// `count` requests that differ.
func requests(_ count: Int) -> [RPCRequest] {
    (0..<count).map { RPCRequest(RPCMethod(rawValue: "m\($0)"), [.number(JSONNumber($0))]) }
}
