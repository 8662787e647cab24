// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import Testing

@testable import EthRPC

@Suite("Logs over many blocks")
struct LogSearchTests {
    private let filter = LogFilter(range: .blocks(0...0), addresses: [], topics: [])

    /// An endpoint with one log in every block, which refuses ranges of more than `limit` blocks.
    private func endpoint(limit: UInt64) -> FakeEndpoint {
        FakeEndpoint { call, _ in
            FakeEndpoint.reply(
                call,
                call.items.map { item in
                    func number(_ key: String) -> UInt64 {
                        (item.params[0][key]?.string).flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? 0
                    }
                    let (first, last) = (number("fromBlock"), number("toBlock"))
                    guard last - first < limit else { return item.error(-32000, "exceed maximum block range") }
                    return item.result(.array((first...last).map(log)))
                })
        }
    }

    @Test(
        "every block is asked for once, whatever range the endpoint accepts", arguments: [1, 3, 64, 1000] as [UInt64])
    func complete(limit: UInt64) async throws {
        let endpoint = endpoint(limit: limit)
        let logs = try await HTTPNode(endpoint).logs(filter, in: 5...204, span: 128, requestLimit: 1000)
        #expect(logs.map(\.blockNumber) == Array(5...204))
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

    @Test("the end of all numbers is no trap")
    func extremes() async throws {
        let logs = try await HTTPNode(endpoint(limit: 10)).logs(filter, in: (.max - 3)...(.max), span: .max)
        #expect(logs.count == 4)
    }
}

private func log(_ block: UInt64) -> JSON {
    [
        "address": .string(Address.zero.hex), "topics": [], "data": "0x", "logIndex": "0x0",
        "blockNumber": .string(Quantity.encode(block)), "blockHash": .string(Bytes32.zero.hex),
        "transactionHash": .string(Bytes32.zero.hex),
    ]
}
