// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON
import Testing

@testable import countersign

@Suite("Transactions as JSON")
struct TransactionDocumentTests {
    private static let recipient = "0x000000000000000000000000000000000000dEaD"

    private func read(_ members: String) throws -> Transaction {
        try TransactionDocument(try JSON(parsing: "{\(members)}"), path: "t.json").transaction
    }

    @Test("Numbers may be numbers, decimal text or quantities")
    func numbers() throws {
        let transaction = try read(
            #""chainId":8453,"nonce":"0x7","maxPriorityFeePerGas":"100","maxFeePerGas":"0x77359400","gas":"100000","#
                + #""to":"\#(Self.recipient)","value":"340282366920938463463374607431768211456","data":"0x0102""#)
        #expect(
            transaction
                == .eip1559(
                    EIP1559Transaction(
                        chainID: 8453, nonce: 7, maxPriorityFeePerGas: 100, maxFeePerGas: 2_000_000_000,
                        gasLimit: 100_000, to: try Address(hex: Self.recipient),
                        value: try #require(UInt256(decimal: "340282366920938463463374607431768211456")),
                        data: [1, 2])))
    }

    @Test("A gas price makes it a legacy transaction, with an access list one of EIP-2930")
    func kinds() throws {
        let common = #""chainId":1,"nonce":0,"gasPrice":1,"gas":21000,"to":"\#(Self.recipient)""#
        #expect(try read(common).typeByte == nil)
        let list = #","accessList":[{"address":"\#(Self.recipient)","storageKeys":[]}]"#
        #expect(try read(common + list).typeByte == 1)
        #expect(try read(common + #","type":1"#).typeByte == 1)
    }

    @Test("A contract is created only where the recipient is null, not where it was forgotten")
    func creation() throws {
        let common = #""chainId":1,"nonce":0,"maxPriorityFeePerGas":1,"maxFeePerGas":1,"gas":60000"#
        #expect(throws: Stop.self) { try read(common) }
        #expect(try read(common + #","to":null"#).to == nil)
    }

    @Test(
        "What would not be signed, or not as written, is refused",
        arguments: [
            #""gasprice":1"#, #""gasPrice":1"#, #""nonce":-1"#, #""nonce":1.0"#, #""nonce":"0x00""#,
            #""nonce":18446744073709551616"#, #""gasLimit":1"#, #""type":3"#, #""data":"00""#, #""chainId":null"#,
            #""to":"0x000000000000000000000000000000000000DeaD""#, #""accessList":[{"address":"0x"}]"#,
        ])
    func refuses(_ member: String) throws {
        let base = try JSON(
            parsing: #"{"chainId":1,"nonce":0,"maxPriorityFeePerGas":1,"maxFeePerGas":1,"gas":21000,"to":null}"#)
        let change = try #require(try JSON(parsing: "{\(member)}").object?.members.first)
        var object = try #require(base.object)
        object[change.key] = change.value
        let stop = #expect(throws: Stop.self) { try TransactionDocument(.object(object), path: "t.json") }
        #expect(stop?.code == .badInput)
    }
}
