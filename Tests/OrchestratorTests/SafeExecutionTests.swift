// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("A Safe's transaction as a call of a contract")
struct SafeExecutionTests {
    private static let app = Address(bytes: [UInt8](repeating: 0xaa, count: 20)) ?? .zero
    private static let safe = Address(bytes: [UInt8](repeating: 0x5a, count: 20)) ?? .zero
    private static let device = Bytes32.keccak256([1])
    private static let hash = Bytes32.keccak256([2])

    private static func execution(signatures: Int = 2, batch: Bool = true) throws -> SafeExecution {
        let calls = [
            SafeProposal.Call(contract: app, call: .addDevice(device)),
            SafeProposal.Call(contract: app, call: .addComposeHash(hash)),
        ]
        return try SafeExecution(
            transaction: SafeProposal.transaction(
                batch ? calls : [calls[1]], safe: safe, chainID: 31337, nonce: 3, batchContract: .zero),
            signatures: [UInt8](repeating: 1, count: 65 * signatures))
    }

    private static func log(_ address: Address, _ topics: [Bytes32], _ data: [UInt8]) -> Log {
        Log(
            address: address, topics: topics, data: data, blockNumber: 1, blockHash: BlockHash(.zero),
            transactionHash: TransactionHash(.zero), logIndex: 0)
    }

    private static func receipt(_ logs: [Log], to: Address = safe, isSuccess: Bool = true) -> Receipt {
        Receipt(
            transactionHash: TransactionHash(.zero), blockHash: BlockHash(.zero), blockNumber: 1, from: app, to: to,
            isSuccess: isSuccess, gasUsed: 1, effectiveGasPrice: 1, logs: logs)
    }

    @Test("It is proven by the Safe's event with its hash and the events of all that it does, and by nothing less")
    func proof() throws {
        let execution = try Self.execution()
        let call = ContractCall.safe(execution)
        let zero = [UInt8](repeating: 0, count: 32)
        let success = SafeEvent.executionSuccessTopic
        let done = Self.log(Self.safe, [success, execution.hash], zero)
        let older = Self.log(Self.safe, [success], execution.hash.bytes + zero)
        let added = Self.log(Self.app, [DstackAppEvent.composeHashAddedTopic], Self.hash.bytes)
        let device = Self.log(Self.app, [DstackAppEvent.deviceAddedTopic], Self.device.bytes)
        #expect(call.isProven(by: Self.receipt([device, added, done])))
        #expect(call.isProven(by: Self.receipt([device, added, older])))
        let failure = Self.log(Self.safe, [SafeEvent.executionFailureTopic, execution.hash], zero)
        let other = Self.log(Self.safe, [success, Self.hash], zero)
        let foreign = Self.log(Self.app, [success, execution.hash], zero)
        for logs in [[], [done], [added, done], [device, added], [device, added, failure], [device, added, other]] {
            #expect(!call.isProven(by: Self.receipt(logs)))
        }
        #expect(!call.isProven(by: Self.receipt([device, added, foreign])))
        #expect(!call.isProven(by: Self.receipt([device, added, done], to: Self.app)))
        #expect(!call.isProven(by: Self.receipt([device, added, done], isSuccess: false)))
    }

    @Test("It is in effect when all that it does is")
    func effect() throws {
        let effect = ContractCall.safe(try Self.execution()).effect
        #expect(effect.leaves.count == 2)
        #expect(effect.holds { _ in true })
        #expect(!effect.holds { $0 == .allowsHash(Self.hash, by: Self.app) })
    }

    @Test("Anybody may send it, to the Safe, with room for signatures and calls")
    func call() throws {
        let call = ContractCall.safe(try Self.execution())
        #expect(call.authority == nil && call.contract == Self.safe)
        #expect(Hex.encode(Array(call.calldata.prefix(4))) == "0x6a761202")
        #expect(call.gasCap > ContractCall.safe(try Self.execution(signatures: 1, batch: false)).gasCap)
    }

    @Test("The store gives it back; another selection of signatures comes to the same")
    func stored() throws {
        for batch in [true, false] {
            let call = ContractCall.safe(try Self.execution(batch: batch))
            #expect(try ContractCall(JSONCursor(call.json)) == call)
        }
        let call = ContractCall.safe(try Self.execution())
        let other = ContractCall.safe(try Self.execution(signatures: 3))
        #expect(call != other && call.comesToTheSame(as: other))
        #expect(!call.comesToTheSame(as: .safe(try Self.execution(batch: false))))
    }

    @Test("A stored transaction whose call data say something else is refused")
    func spoiled() throws {
        var object = try #require(ContractCall.safe(try Self.execution()).json.object)
        object["data"] = "0x12345678"
        #expect(throws: JSONShapeError.self) { try ContractCall(JSONCursor(.object(object))) }
    }
}
