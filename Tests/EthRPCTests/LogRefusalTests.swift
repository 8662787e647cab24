// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import EthRPC

@Suite("What an endpoint says about a range of blocks")
struct LogRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let message: String
        let meaning: LogRefusal
        var code = -32000
        var data: JSON?
        var testDescription: String { message }

        init(_ message: String, _ meaning: LogRefusal, code: Int = -32000, data: JSON? = nil) {
            self.message = message
            self.meaning = meaning
            self.code = code
            self.data = data
        }
    }

    /// The blocks that were asked for: 0x4c4b40 to 0x4c8650, 15 121 blocks.
    private static let asked: ClosedRange<UInt64> = 5_000_000...5_015_120

    @Test(
        "the limit is read from the words",
        arguments: [
            // Counts of blocks.
            Case("exceed maximum block range: 5000", .blocks(atMost: 5000)),
            Case("query exceeds max block range 10000", .blocks(atMost: 10_000), code: -32602),
            Case("query block range exceeds server limit, narrow your filter: 1000", .blocks(atMost: 1000)),
            Case("block range too large, max range: 2000", .blocks(atMost: 2000), code: -32005),
            Case(
                "You can make eth_getLogs requests with up to a 500 block range. Based on your parameters, this block "
                    + "range should work: [0x4c4b40, 0x4c4d33]", .blocks(atMost: 500), code: -32600),
            Case(
                "Under the Free tier plan, you can make eth_getLogs requests with up to a 10 block range. Based on your "
                    + "parameters, this block range should work: [0x4c4b40, 0x4c4b49].", .blocks(atMost: 10)),
            Case(
                "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range and no limit "
                    + "on the response size, or any block range with a cap of 10K logs in the response. This block range "
                    + "should work: [0x4c4b40, 0x4c614b]", .blocks(atMost: 2000), code: -32602),
            Case("eth_getLogs is limited to a 10,000 range", .blocks(atMost: 10_000), code: -32614),
            Case("eth_getLogs is limited to 1024 blocks range", .blocks(atMost: 1024)),
            Case("eth_getLogs is limited to 0 - 50 blocks range", .blocks(atMost: 50), code: -32602),
            Case("range 15120 exceeds limit of 10000", .blocks(atMost: 10_000), code: -32602),
            Case("range 5000000 - 5015120 exceeds limit of 10000", .blocks(atMost: 10_000), code: -32602),
            Case(
                "invalid params", .blocks(atMost: 2000), code: -32602,
                data: ["payload": "range 15120 is bigger than range limit 2000"]),
            Case("ranges over 10000 blocks are not supported on freetier", .blocks(atMost: 10_000)),
            Case(
                "requested too many blocks from 5000000 to 5015120, maximum is set to 1024", .blocks(atMost: 1024)),
            Case(
                "block range is larger than max block range, block range = 15121, max block range = 5000",
                .blocks(atMost: 5000)),
            Case("block range greater than 100 max", .blocks(atMost: 100)),
            Case("Block range too large: maximum allowed is 50 blocks (requested 15121)", .blocks(atMost: 50)),
            Case("please limit the query to at most 1000 blocks", .blocks(atMost: 1000)),
            // Suggestions where there are many logs.
            Case(
                "query returned more than 10000 results. Try with this block range [0x4C4B40, 0x4C4F27].",
                .hereBlocks(atMost: 1000), code: -32005),
            Case(
                "query returned more than 10000 results", .hereBlocks(atMost: 1000), code: -32005,
                data: ["from": "0x4c4b40", "limit": 10_000, "to": "0x4c4f27"]),
            Case(
                "query exceeds max results 20000, retry with the range 5000000-5000999", .hereBlocks(atMost: 1000),
                code: -32602),
            // No number that helps.
            Case("query returned more than 10000 results", .tooMuchHere, code: -32005),
            Case("query returns too many logs, narrow your filter: 20000", .tooMuchHere),
            Case("logs matched by query exceeds limit of 10000", .tooMuchHere),
            Case("query timeout exceeded", .tooMuchHere, code: -32005),
            Case("block range is too wide", .tooLong, code: -32600),
            Case("block range 15120 is too large", .tooLong),
            Case("block range 15121 is too large", .tooLong),
            Case("block range is bigger than maxBlockRange", .tooLong),
            Case("limit exceeded", .tooLong, code: -32005),
            // No smaller range helps.
            Case("the method eth_getLogs does not exist/is not available", .final, code: -32601),
            Case("Archive requests require a personal token", .final),
            Case("History has been pruned for this block", .final, code: -32701),
            Case("block range extends beyond current head block", .final, code: -32602),
            Case("invalid block range params", .final),
        ])
    func words(_ example: Case) {
        let error = RPCNodeError(code: example.code, message: example.message, data: example.data)
        #expect(LogRefusal(error, asked: Self.asked) == example.meaning)
    }

    @Test(
        "no number can make a range longer, empty, or trap",
        arguments: [
            "block range 0", "block range 99999999999999999999999999", "max 18446744073709551615k blocks range",
            "range [0x4c8650, 0x4c4b40]", "range 9-3", "block range 1,0000,", "block 1,", "range -", "range [0x, 0x]",
            "block range: 15121", "blocks 0-0", "range [0xffffffffffffffff, 0xffffffffffffffff]", "",
            "range [0x0, 0xffffffffffffffff]", "block range ١٢٣",
        ])
    func hostile(_ message: String) {
        let ranges: [ClosedRange<UInt64>] = [Self.asked, 7...7, 0...UInt64.max, (.max - 1)...UInt64.max]
        for asked in ranges {
            switch LogRefusal(RPCNodeError(code: -32000, message: message), asked: asked) {
            case .blocks(let count), .hereBlocks(let count):
                #expect(count >= 1 && count <= asked.upperBound - asked.lowerBound)
            case .tooMuchHere, .tooLong, .final: break
            }
        }
    }
}
