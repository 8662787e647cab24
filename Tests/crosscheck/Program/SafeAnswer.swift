// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// Hashes, call data and signatures of a Safe transaction for test_safe_transactions.py.
///
/// In: the fields of `SafeTx`, `chainId`, `safe`, `keys` of owners, and `batch`, calls of `to`, `value` and `data`.
func safeAnswer(_ request: JSONCursor) throws -> JSON {
    guard let operation = SafeTransaction.Operation(rawValue: UInt8(try word(request["operation"]) & 1)) else {
        throw Refusal(description: "no operation")
    }
    let transaction = SafeTransaction(
        chainID: try number(request["chainId"]), safe: try address(request["safe"]), to: try address(request["to"]),
        value: try number(request["value"]), data: try Hex.decode(try request["data"].string()), operation: operation,
        safeTxGas: try number(request["safeTxGas"]), baseGas: try number(request["baseGas"]),
        gasPrice: try number(request["gasPrice"]), gasToken: try address(request["gasToken"]),
        refundReceiver: try address(request["refundReceiver"]), nonce: try number(request["nonce"]))
    var signatures: [SafeSignature] = []
    for text in try request["keys"].array() {
        let key = try SecretKey(bytes: try Hex.decode(try text.string()))
        signatures.append(try SafeSignature(try key.sign(digest: transaction.digest), over: transaction))
    }
    let proof = SafeSignature.concatenate(signatures)
    let batch = try request["batch"].array().map { call in
        MultiSendCall(
            to: try address(call["to"]), value: try number(call["value"]),
            data: try Hex.decode(try call["data"].string()))
    }
    let multiSend = MultiSend.calldata(batch)
    return [
        "hash": .string(transaction.digest.hex), "signatures": .string(Hex.encode(proof)),
        "execution": .string(Hex.encode(transaction.executionCalldata(signatures: proof))),
        "question": .string(Hex.encode(SafeRead.transactionHash(transaction).calldata)),
        "packed": .string(Hex.encode(MultiSend.pack(batch))), "multiSend": .string(Hex.encode(multiSend)),
        "isReadBack": .bool(MultiSend.calls(inCalldata: multiSend) == batch),
    ]
}

private func address(_ cursor: JSONCursor) throws -> Address { try Address(hex: try cursor.string()) }
