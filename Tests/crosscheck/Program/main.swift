// SPDX-License-Identifier: Apache-2.0

// Builds, signs and decodes transactions for test_transactions.py: a JSON object a line in, one a line out.
// In: the fields by the names of JSON-RPC, `type`, `key`, and `raw`, the same transaction signed by somebody else.
// Out: `raw`, `hash` and `signingHash` of what was signed here; `decoded` and `from` of the given `raw`.
// A line with `safe` is about a Safe transaction: SafeAnswer.swift.

import EthTx
import StrictJSON

/// A line that is no request, or a request that cannot be answered.
struct Refusal: Error, CustomStringConvertible {
    let description: String
}

func number(_ cursor: JSONCursor) throws -> UInt256 { try Quantity.decode(try cursor.string()) }

func word(_ cursor: JSONCursor) throws -> UInt64 { try Quantity.decodeUInt64(try cursor.string()) }

func recipient(_ cursor: JSONCursor) throws -> Address? {
    cursor.isMissing ? nil : try Address(hex: try cursor.string())
}

func accessList(_ cursor: JSONCursor) throws -> [AccessListEntry] {
    try cursor.array().map { entry in
        AccessListEntry(
            address: try Address(hex: try entry["address"].string()),
            storageKeys: try entry["storageKeys"].array().map { try Bytes32(hex: try $0.string()) })
    }
}

/// The transaction that a request describes.
func transaction(_ request: JSONCursor) throws -> Transaction {
    let to = try recipient(request["to"])
    let data = try Hex.decode(try request["data"].string())
    switch try request["type"].string() {
    case "0x0":
        return .legacy(
            LegacyTransaction(
                chainID: request["chainId"].isMissing ? nil : try number(request["chainId"]),
                nonce: try word(request["nonce"]), gasPrice: try number(request["gasPrice"]),
                gasLimit: try word(request["gas"]), to: to, value: try number(request["value"]), data: data))
    case "0x1":
        return .eip2930(
            EIP2930Transaction(
                chainID: try number(request["chainId"]), nonce: try word(request["nonce"]),
                gasPrice: try number(request["gasPrice"]), gasLimit: try word(request["gas"]), to: to,
                value: try number(request["value"]), data: data, accessList: try accessList(request["accessList"])))
    case "0x2":
        return .eip1559(
            EIP1559Transaction(
                chainID: try number(request["chainId"]), nonce: try word(request["nonce"]),
                maxPriorityFeePerGas: try number(request["maxPriorityFeePerGas"]),
                maxFeePerGas: try number(request["maxFeePerGas"]), gasLimit: try word(request["gas"]), to: to,
                value: try number(request["value"]), data: data, accessList: try accessList(request["accessList"])))
    case let type:
        throw Refusal(description: "no transaction of type \(type)")
    }
}

/// The fields of a transaction, spelled as in a request.
func describe(_ transaction: Transaction) -> JSON {
    var object = JSONObject()
    object["type"] = .string(Quantity.encode(UInt64(transaction.typeByte ?? 0)))
    object["chainId"] = transaction.chainID.map { .string(Quantity.encode($0)) } ?? .null
    object["nonce"] = .string(Quantity.encode(transaction.nonce))
    switch transaction {
    case .legacy, .eip2930:
        object["gasPrice"] = .string(Quantity.encode(transaction.maxFeePerGas))
    case .eip1559(let transaction):
        object["maxPriorityFeePerGas"] = .string(Quantity.encode(transaction.maxPriorityFeePerGas))
        object["maxFeePerGas"] = .string(Quantity.encode(transaction.maxFeePerGas))
    }
    object["gas"] = .string(Quantity.encode(transaction.gasLimit))
    object["to"] = transaction.to.map { .string($0.hex) } ?? .null
    object["value"] = .string(Quantity.encode(transaction.value))
    object["data"] = .string(Hex.encode(transaction.data))
    switch transaction {
    case .legacy: break
    case .eip2930, .eip1559:
        object["accessList"] = .array(
            transaction.accessList.map { entry in
                [
                    "address": .string(entry.address.hex),
                    "storageKeys": .array(entry.storageKeys.map { .string($0.hex) }),
                ]
            })
    }
    return .object(object)
}

func answer(_ line: String) throws -> JSON {
    let request = JSONCursor(try JSON(parsing: Array(line.utf8)))
    if !request["safe"].isAbsent { return try safeAnswer(request) }
    let key = try SecretKey(bytes: try Hex.decode(try request["key"].string()))
    let asked = try transaction(request)
    let signed = try key.sign(asked)
    let given = try SignedTransaction(decoding: try Hex.decode(try request["raw"].string()))
    return [
        "raw": .string(Hex.encode(signed.raw)),
        "hash": .string(signed.hash.hex),
        "signingHash": .string(asked.signingHash.hex),
        "decoded": describe(given.transaction),
        "from": .string(try given.sender().hex),
        "givenHash": .string(given.hash.hex),
    ]
}

while let line = readLine() {
    do {
        print(try answer(line).text)
    } catch {
        print(JSON.object(["error": .string("\(error)")]).text)
    }
}
