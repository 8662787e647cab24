// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Orchestrator
import StrictJSON

/// A receipt as programs and people read it.
enum ReceiptReport {
    /// The result for programs.
    static func json(_ receipt: Receipt, chainID: UInt64?) -> JSONObject {
        var object = JSONObject.event("result")
        object["transaction_hash"] = .string(receipt.transactionHash.hex)
        object["chain_id"] = JSON(count: chainID)
        object["status"] = receipt.isSuccess ? 1 : 0
        object["block_number"] = JSON(count: receipt.blockNumber)
        object["block_hash"] = .string(receipt.blockHash.hex)
        object["from"] = .string(receipt.from.hex)
        object["to"] = JSON(address: receipt.to)
        object["gas_used"] = JSON(count: receipt.gasUsed)
        object["effective_gas_price"] = JSON(wei: receipt.effectiveGasPrice)
        object["l1_fee"] = JSON(wei: receipt.l1Fee)
        object["logs"] = .array(receipt.logs.map(log))
        return object
    }

    /// The result for people.
    static func lines(_ receipt: Receipt, style: Style) -> [String] {
        let sign = receipt.isSuccess ? style.tick : style.cross
        var lines = ["\(sign) \(receipt.transactionHash) \(receipt.isSuccess ? "succeeded" : style.bad("reverted"))."]
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        field("block", "\(receipt.blockNumber) \(receipt.blockHash)")
        field("from", receipt.from.checksummed)
        field("to", receipt.to?.checksummed ?? "(creates a contract)")
        field("gas", "\(receipt.gasUsed) at \(Wei.gwei(receipt.effectiveGasPrice)) gwei")
        for entry in receipt.logs { field("log", words(entry)) }
        return lines
    }

    private static func log(_ entry: Log) -> JSON {
        [
            "address": .string(entry.address.hex), "topics": .array(entry.topics.map { .string($0.hex) }),
            "data": .string(Hex.encode(entry.data)),
        ]
    }

    private static func words(_ entry: Log) -> String {
        let what: String
        switch DstackAppEvent(topics: entry.topics, data: entry.data) {
        case .composeHashAdded(let hash)?: what = "ComposeHashAdded \(hash)"
        case .composeHashRemoved(let hash)?: what = "ComposeHashRemoved \(hash)"
        case .deviceAdded(let device)?: what = "DeviceAdded \(device)"
        case .deviceRemoved(let device)?: what = "DeviceRemoved \(device)"
        case .allowAnyDeviceSet(let allows)?: what = "AllowAnyDeviceSet \(allows)"
        case .ownershipTransferStarted(_, let account)?: what = "OwnershipTransferStarted to \(account.checksummed)"
        case .ownershipTransferred(_, let account)?: what = "OwnershipTransferred to \(account.checksummed)"
        case nil: what = entry.topics.first?.hex ?? "(no topic)"
        }
        return "\(what) by \(entry.address.checksummed)"
    }
}
