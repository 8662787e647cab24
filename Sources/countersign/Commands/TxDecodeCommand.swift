// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON

/// Reads a signed transaction, offline.
struct TxDecodeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode a signed transaction, strictly and offline.")

    @Argument(help: "The bytes in hex.")
    var raw: String

    @OptionGroup(visibility: .hidden)
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (signed, sender) = try RawTransaction.decode(raw)
        let object = RawTransaction.json(signed, sender)
        context.console.event(object)
        let style = context.console.outputStyle
        context.console.result(
            object.members.dropFirst().map {
                OperationText.field($0.key, PlainValue.text($0.value), width: 22, style: style)
            })
        return .done
    }
}

/// Signed transactions as they are typed and shown.
enum RawTransaction {
    /// Decodes a transaction and finds its sender.
    static func decode(_ text: String) throws(Stop) -> (SignedTransaction, Address) {
        let bytes: [UInt8]
        do { bytes = try Hex.decodeBare(text) } catch { throw Stop(.badInput, "The transaction is not hex: \(error).") }
        do {
            let signed = try SignedTransaction(decoding: bytes)
            return (signed, try signed.sender())
        } catch {
            throw Stop(.badInput, "These bytes are no signed transaction: \(error).")
        }
    }

    /// All fields, under the names of Ethereum's JSON-RPC.
    static func json(_ signed: SignedTransaction, _ sender: Address) -> JSONObject {
        let transaction = signed.transaction
        var object = JSONObject.event("result")
        object["hash"] = .string(signed.hash.hex)
        object["from"] = .string(sender.hex)
        object["type"] = .number(JSONNumber(transaction.typeByte ?? 0))
        object["chainId"] = transaction.chainID.map(chainID) ?? .null
        object["nonce"] = JSON(count: transaction.nonce)
        switch transaction {
        case .legacy, .eip2930: object["gasPrice"] = JSON(wei: transaction.maxFeePerGas)
        case .eip1559:
            object["maxPriorityFeePerGas"] = JSON(wei: transaction.maxPriorityFeePerGas)
            object["maxFeePerGas"] = JSON(wei: transaction.maxFeePerGas)
        }
        object["gas"] = JSON(count: transaction.gasLimit)
        object["to"] = JSON(address: transaction.to)
        object["value"] = JSON(wei: transaction.value)
        object["data"] = .string(Hex.encode(transaction.data))
        if transaction.typeByte != nil { object["accessList"] = .array(transaction.accessList.map(entry)) }
        object["v"] = JSON(wei: signed.v)
        object["r"] = .string(Quantity.encode(signed.signature.r))
        object["s"] = .string(Quantity.encode(signed.signature.s))
        if let call = DstackAppCall(calldata: transaction.data) { object["call"] = .string(call.signature) }
        return object
    }

    private static func chainID(_ id: UInt256) -> JSON {
        UInt64(exactly: id).map { JSON(count: $0) } ?? .string(id.decimal)
    }

    private static func entry(_ entry: AccessListEntry) -> JSON {
        ["address": .string(entry.address.hex), "storageKeys": .array(entry.storageKeys.map { .string($0.hex) })]
    }
}
