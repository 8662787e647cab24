// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import Testing

@testable import EthRPC

@Suite("Answers are read strictly")
struct DecodingTests {
    private static func word(_ digit: Character) -> String { "0x" + String(repeating: digit, count: 64) }
    private static let account: JSON = .string("0x" + String(repeating: "a", count: 40))
    private static let contract: JSON = .string("0x" + String(repeating: "c", count: 40))
    private let hash = TransactionHash(.zero)

    private static let log: JSON = [
        "address": contract, "topics": [.string(word("1"))], "data": "0x0102", "blockNumber": "0x10",
        "blockHash": .string(word("b")), "transactionHash": .string(word("0")), "logIndex": "0x3", "removed": false,
        "transactionIndex": "0x0", "blockTimestamp": "0x1",
    ]

    private static let receipt: JSON = [
        "transactionHash": .string(word("0")), "blockHash": .string(word("b")), "blockNumber": "0x10",
        "from": account, "to": contract, "status": "0x1", "gasUsed": "0x5208", "effectiveGasPrice": "0x3b9aca00",
        "cumulativeGasUsed": "0x5208", "contractAddress": nil, "logs": [log], "type": "0x2", "l1Fee": "0x7",
    ]

    private static let transaction: JSON = [
        "hash": .string(word("0")), "from": account, "to": contract, "nonce": "0x5", "value": "0x0", "input": "0x",
        "type": "0x2", "blockHash": .string(word("b")), "blockNumber": "0x10", "transactionIndex": "0x0",
    ]

    private static let block: JSON = [
        "number": "0x10", "hash": .string(word("b")), "parentHash": .string(word("a")), "timestamp": "0x66000000",
        "baseFeePerGas": "0x7", "gasLimit": "0x1c9c380", "gasUsed": "0x5208", "transactions": [.string(word("0"))],
    ]

    private static let history: JSON = [
        "oldestBlock": "0xf", "baseFeePerGas": ["0x7", "0x8", "0x9"], "gasUsedRatio": [0, .number(half)],
        "reward": [["0x1", "0x2"], ["0x3", "0x4"]],
    ]

    private static let half: JSONNumber = (try? JSON(parsing: "0.5"))?.number ?? JSONNumber(0)

    private func read<Value>(_ call: RPCCall<Value>, _ json: JSON) -> Result<Value, RPCCallError> {
        call.interpret([json.isNull ? .null : .value(json)])
    }

    private func change(_ json: JSON, _ key: String, _ value: JSON?) -> JSON {
        var object = json.object ?? JSONObject()
        object[key] = value
        return .object(object)
    }

    private func path<Value>(_ result: Result<Value, RPCCallError>) -> String? {
        if case .failure(.undecodable(let error, _)) = result { error.path } else { nil }
    }

    @Test("a receipt is read, null is not mined yet")
    func receipt() throws {
        let call = RPCCall.transactionReceipt(hash)
        let receipt = try #require(try read(call, Self.receipt).get())
        #expect(receipt.blockNumber == 16)
        #expect(receipt.isSuccess)
        #expect(receipt.gasUsed == 21000)
        #expect(receipt.effectiveGasPrice == 1_000_000_000)
        #expect(receipt.l1Fee == 7)
        #expect(receipt.logs.count == 1)
        #expect(receipt.logs.first?.data == [1, 2])
        #expect(try read(call, .null).get() == nil)
        let reverted = try #require(try read(call, change(Self.receipt, "status", "0x0")).get())
        #expect(!reverted.isSuccess)
        let creation = try #require(try read(call, change(Self.receipt, "to", .null)).get())
        #expect(creation.to == nil)
    }

    @Test(
        "a receipt that is not the right one, or not whole, is refused at the place that is wrong",
        arguments: [
            ("transactionHash", .string(word("1")), "$.transactionHash"), ("transactionHash", nil, "$.transactionHash"),
            ("status", "0x2", "$.status"), ("status", nil, "$.status"), ("status", 1, "$.status"),
            ("status", "1", "$.status"),
            ("blockHash", .null, "$.blockHash"), ("blockHash", "0x12", "$.blockHash"),
            ("blockHash", .string(word("f")), "$.logs[0].blockHash"),
            ("blockNumber", "0x010", "$.blockNumber"), ("blockNumber", "0x", "$.blockNumber"),
            ("blockNumber", .string("0x1" + String(repeating: "0", count: 16)), "$.blockNumber"),
            ("blockNumber", "0x11", "$.logs[0].blockNumber"),
            ("gasUsed", .string("0x" + String(repeating: "f", count: 65)), "$.gasUsed"),
            ("effectiveGasPrice", .string("0x1" + String(repeating: "0", count: 64)), "$.effectiveGasPrice"),
            ("from", "0x00", "$.from"), ("from", nil, "$.from"), ("to", "c", "$.to"), ("logs", nil, "$.logs"),
            ("logs", "0x", "$.logs"), ("l1Fee", "7", "$.l1Fee"),
        ] as [(String, JSON?, String)])
    func wrongReceipt(key: String, value: JSON?, place: String) {
        #expect(path(read(.transactionReceipt(hash), change(Self.receipt, key, value))) == place)
    }

    @Test(
        "a log of another transaction or block, removed or with five topics, is refused",
        arguments: [
            ("transactionHash", .string(word("1")), "transactionHash"), ("blockHash", .string(word("1")), "blockHash"),
            ("blockNumber", "0x11", "blockNumber"), ("removed", true, "removed"), ("removed", "no", "removed"),
            ("topics", .array(Array(repeating: .string(word("1")), count: 5)), "topics"),
            ("topics", ["0x1"], "topics[0]"),
            ("data", "0x1", "data"), ("data", .null, "data"), ("address", "0x", "address"),
            ("logIndex", "3", "logIndex"),
        ] as [(String, JSON?, String)])
    func wrongLog(key: String, value: JSON?, place: String) {
        let receipt = change(Self.receipt, "logs", [change(Self.log, key, value)])
        #expect(path(read(.transactionReceipt(hash), receipt)) == "$.logs[0].\(place)")
    }

    @Test("a block is read with hashes or whole transactions, and must be the one that was asked for")
    func block() throws {
        let block = try #require(try read(.block(.latest), Self.block).get())
        #expect(block.number == 16)
        #expect(block.baseFeePerGas == 7)
        #expect(block.transactions == .hashes([hash]))
        #expect(try read(.block(.number(16)), Self.block).get() == block)
        #expect(path(read(.block(.number(17)), Self.block)) == "$.number")
        #expect(try read(.block(.hash(block.hash)), Self.block).get() == block)
        #expect(path(read(.block(.hash(block.parentHash)), Self.block)) == "$.hash")
        #expect(path(read(.block(.earliest), Self.block)) == "$.number")
        #expect(path(read(.block(.pending), change(Self.block, "hash", .null))) == "$.hash")
        #expect(try read(.block(.latest), change(Self.block, "baseFeePerGas", nil)).get()?.baseFeePerGas == nil)
        #expect(try read(.block(.latest), .null).get() == nil)

        let full = change(Self.block, "transactions", [Self.transaction])
        let read = try #require(try read(.block(.number(16), fullTransactions: true), full).get())
        #expect(read.transactions.count == 1)
        #expect(path(self.read(.block(.latest, fullTransactions: true), Self.block)) == "$.transactions[0].hash")
        let foreign = change(
            Self.block, "transactions", [change(Self.transaction, "blockHash", .string(Self.word("1")))])
        #expect(path(self.read(.block(.latest, fullTransactions: true), foreign)) == "$.transactions[0].blockHash")
        let pending = change(
            Self.block, "transactions",
            [change(change(Self.transaction, "blockHash", .null), "blockNumber", .null)])
        #expect(path(self.read(.block(.latest, fullTransactions: true), pending)) == "$.transactions[0].blockHash")
    }

    @Test("a block by hash is asked for by that method")
    func blockRequests() {
        #expect(
            RPCCall.block(.hash(BlockHash(.zero)), fullTransactions: true).requests
                == [RPCRequest(RPCMethod(rawValue: "eth_getBlockByHash"), [.string(Self.word("0")), true])])
        #expect(
            RPCCall.block(.number(255)).requests
                == [RPCRequest(RPCMethod(rawValue: "eth_getBlockByNumber"), ["0xff", false])])
        #expect(
            RPCCall.balance(.zero, at: .hash(BlockHash(.zero))).requests.first?.params.last
                == ["blockHash": .string(Self.word("0")), "requireCanonical": true])
    }

    @Test("a transaction must be the one that was asked for; pending ones have no block, half a place is none")
    func transaction() throws {
        let transaction = try #require(try read(.transaction(hash), Self.transaction).get())
        #expect(transaction.nonce == 5)
        #expect(transaction.inclusion?.blockNumber == 16)
        #expect(
            path(read(.transaction(TransactionHash(try Bytes32(hex: Self.word("1")))), Self.transaction)) == "$.hash")
        let pending = change(change(Self.transaction, "blockHash", .null), "blockNumber", nil)
        #expect(try read(.transaction(hash), pending).get()?.inclusion == nil)
        #expect(path(read(.transaction(hash), change(Self.transaction, "blockHash", .null))) == "$.blockHash")
        #expect(path(read(.transaction(hash), change(Self.transaction, "nonce", "0x10000000000000000"))) == "$.nonce")
    }

    @Test(
        "a fee history must have lists of lengths that belong together",
        arguments: [
            ("oldestBlock", "15", "$.oldestBlock"), ("gasUsedRatio", [], "$.gasUsedRatio"),
            ("gasUsedRatio", [0, 0, 0], "$.gasUsedRatio"), ("gasUsedRatio", [0, 2], "$.gasUsedRatio[1]"),
            ("gasUsedRatio", [0, -1], "$.gasUsedRatio[1]"), ("gasUsedRatio", [0, "0"], "$.gasUsedRatio[1]"),
            ("baseFeePerGas", ["0x7", "0x8"], "$.baseFeePerGas"), ("reward", nil, "$.reward"),
            ("reward", [], "$.reward"),
            ("reward", [["0x1", "0x2"], ["0x3"]], "$.reward[1]"), ("reward", [["0x1", "0x2"], "0x3"], "$.reward[1]"),
        ] as [(String, JSON?, String)])
    func wrongHistory(key: String, value: JSON?, place: String) {
        let call = RPCCall.feeHistory(blocks: 2, percentiles: [25, 75])
        #expect(path(read(call, change(Self.history, key, value))) == place)
    }

    @Test("a fee history is read")
    func history() throws {
        let history = try read(.feeHistory(blocks: 2, percentiles: [25, 75]), Self.history).get()
        #expect(history.entries.map(\.baseFeePerGas) == [7, 8])
        #expect(history.entries.map(\.gasUsedRatio) == [0, 0.5])
        #expect(history.entries.map(\.tips) == [[1, 2], [3, 4]])
        #expect(history.nextBaseFeePerGas == 9)
        let infinite = try JSON(parsing: #"{"oldestBlock":"0x1","baseFeePerGas":["0x1","0x1"],"gasUsedRatio":[1e999]}"#)
        #expect(path(read(.feeHistory(blocks: 1, percentiles: []), infinite)) == "$.gasUsedRatio[0]")
    }

    @Test("the hash that a broadcast returns must be that of the bytes")
    func broadcast() throws {
        let raw: [UInt8] = [2, 0xc0]
        let expected = TransactionHash(Bytes32.keccak256(raw))
        #expect(try read(.sendRawTransaction(raw), .string(expected.hex)).get() == expected)
        #expect(path(read(.sendRawTransaction(raw), .string(Self.word("1")))) == "$")
        #expect(RPCCall.sendRawTransaction(raw).requests.first?.params == ["0x02c0"])
    }

    @Test("null where a value must be is told apart from a wrong value")
    func null() {
        guard case .failure(.null(let method)) = read(.chainID, .null) else {
            Issue.record("null was accepted")
            return
        }
        #expect(method.rawValue == "eth_chainId")
    }

    @Test("logs that the filter does not select are refused")
    func logs() throws {
        let address = try #require(Address(bytes: Array(repeating: 0xcc, count: 20)))
        let topic = try Bytes32(hex: Self.word("1"))
        func result(_ filter: LogFilter) -> Result<[Log], RPCCallError> { read(.logs(filter), [Self.log]) }
        #expect(
            try result(LogFilter(range: .blocks(16...16), addresses: [address], topics: [[topic]])).get().count == 1)
        #expect(try result(LogFilter(range: .blocks(0...99), addresses: [], topics: [[]])).get().count == 1)
        for filter in [
            LogFilter(range: .blocks(17...20), addresses: [], topics: []),
            LogFilter(range: .blocks(16...16), addresses: [.zero], topics: []),
            LogFilter(range: .blocks(16...16), addresses: [], topics: [[.zero]]),
            LogFilter(range: .blocks(16...16), addresses: [], topics: [[topic], [topic]]),
            LogFilter(range: .block(BlockHash(.zero)), addresses: [], topics: []),
        ] {
            #expect(path(result(filter)) == "$[0]")
        }
        let json = LogFilter(range: .blocks(1...2), addresses: [address], topics: [[], [topic, .zero]]).json
        #expect(
            json.text
                == #"{"fromBlock":"0x1","toBlock":"0x2","address":["0x\#(String(repeating: "cc", count: 20))"],"#
                + #""topics":[null,["\#(Self.word("1"))","\#(Self.word("0"))"]]}"#)
    }
}
