// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// An unsigned transaction as a JSON object with the field names of Ethereum's JSON-RPC.
struct TransactionDocument: Sendable, Hashable {
    /// What is to be signed.
    let transaction: Transaction

    /// Who is meant to sign, if the document says so.
    let from: Address?

    private static let fields: Set<String> = [
        "type", "chainId", "nonce", "maxPriorityFeePerGas", "maxFeePerGas", "gasPrice", "gas", "gasLimit", "to",
        "value", "data", "input", "accessList", "from",
    ]

    /// Reads a document; fields that are not known are refused, since they would not be signed.
    init(_ json: JSON, path: String) throws(Stop) {
        do {
            self = try Self(JSONCursor(json))
        } catch {
            throw Stop(.badInput, "\(path): \(error). Nothing was signed.", hint: "See 'countersign tx sign --help'.")
        }
    }

    private init(_ root: JSONCursor) throws(JSONShapeError) {
        for key in try root.object().keys where !Self.fields.contains(key) {
            throw root[key].mismatch("no field of this name")
        }
        let nonce = try root["nonce"].integer64()
        let gas = try Self.either(root, "gas", "gasLimit").integer64()
        guard !root["to"].isAbsent else { throw root["to"].mismatch("address, or null to create a contract") }
        let to = try root["to"].optional { cursor throws(JSONShapeError) in try cursor.address() }
        let value = root["value"].isMissing ? 0 : try root["value"].integer256()
        let payload = try Self.either(root, "data", "input")
        let data = payload.isMissing ? [] : try payload.bytes()
        let chainID = try root["chainId"].optional { cursor throws(JSONShapeError) in try cursor.integer256() }
        let accessList = try root["accessList"].optional { cursor throws(JSONShapeError) in try cursor.accessList() }
        let type = try root["type"].optional { cursor throws(JSONShapeError) in try cursor.integer64() }
        from = try root["from"].optional { cursor throws(JSONShapeError) in try cursor.address() }
        let inferred: UInt64 = root["gasPrice"].isMissing ? 2 : accessList == nil ? 0 : 1
        switch type ?? inferred {
        case 0:
            try Self.refuse(root, ["maxFeePerGas", "maxPriorityFeePerGas", "accessList"])
            guard let chainID else { throw root["chainId"].mismatch("chain id") }
            transaction = .legacy(
                LegacyTransaction(
                    chainID: chainID, nonce: nonce, gasPrice: try root["gasPrice"].integer256(), gasLimit: gas, to: to,
                    value: value, data: data))
        case 1:
            try Self.refuse(root, ["maxFeePerGas", "maxPriorityFeePerGas"])
            guard let chainID else { throw root["chainId"].mismatch("chain id") }
            transaction = .eip2930(
                EIP2930Transaction(
                    chainID: chainID, nonce: nonce, gasPrice: try root["gasPrice"].integer256(), gasLimit: gas, to: to,
                    value: value, data: data, accessList: accessList ?? []))
        case 2:
            try Self.refuse(root, ["gasPrice"])
            guard let chainID else { throw root["chainId"].mismatch("chain id") }
            transaction = .eip1559(
                EIP1559Transaction(
                    chainID: chainID, nonce: nonce,
                    maxPriorityFeePerGas: try root["maxPriorityFeePerGas"].integer256(),
                    maxFeePerGas: try root["maxFeePerGas"].integer256(), gasLimit: gas, to: to, value: value,
                    data: data, accessList: accessList ?? []))
        case _:
            throw root["type"].mismatch("0, 1 or 2")
        }
    }

    /// One of two names of a field, not both.
    private static func either(
        _ root: JSONCursor, _ first: String, _ second: String
    ) throws(JSONShapeError) -> JSONCursor {
        guard !root[first].isAbsent else { return root[second].isAbsent ? root[first] : root[second] }
        guard root[second].isAbsent else { throw root[second].mismatch("only one of \(first) and \(second)") }
        return root[first]
    }

    private static func refuse(_ root: JSONCursor, _ names: [String]) throws(JSONShapeError) {
        for name in names where !root[name].isMissing {
            throw root[name].mismatch("nothing in a transaction of this type")
        }
    }
}

extension JSONCursor {
    /// An unsigned integer as a number, decimal text or a `0x` quantity.
    func integer256() throws(JSONShapeError) -> UInt256 {
        let text: String
        switch value {
        case .number(let number)?: text = number.spelling
        case .string(let string)?: text = string
        case .null?, .bool?, .array?, .object?, nil: throw mismatch("integer")
        }
        if text.utf8.starts(with: "0x".utf8) {
            do { return try Quantity.decode(text) } catch { throw mismatch("quantity (\(error))") }
        }
        guard let number = UInt256(decimal: text) else { throw mismatch("integer of up to 256 bits") }
        return number
    }

    /// An unsigned integer of up to 64 bits.
    func integer64() throws(JSONShapeError) -> UInt64 {
        guard let number = UInt64(exactly: try integer256()) else { throw mismatch("integer of up to 64 bits") }
        return number
    }

    /// An address, whose checksum must be right if it has one.
    func address() throws(JSONShapeError) -> Address {
        let text = try string()
        do { return try Address(hex: text) } catch { throw mismatch("address (\(error))") }
    }

    /// Bytes as hex text.
    func bytes() throws(JSONShapeError) -> [UInt8] {
        let text = try string()
        do { return try Hex.decode(text) } catch { throw mismatch("hex data (\(error))") }
    }

    /// An access list.
    func accessList() throws(JSONShapeError) -> [AccessListEntry] {
        var entries: [AccessListEntry] = []
        for item in try array() {
            var keys: [Bytes32] = []
            for key in try item["storageKeys"].array() {
                guard let word = Bytes32(bytes: try key.bytes()) else { throw key.mismatch("32 bytes") }
                keys.append(word)
            }
            entries.append(AccessListEntry(address: try item["address"].address(), storageKeys: keys))
        }
        return entries
    }
}
