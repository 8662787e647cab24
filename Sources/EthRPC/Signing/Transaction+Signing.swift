// SPDX-License-Identifier: Apache-2.0

internal import EthTx
internal import StrictJSON

extension Transaction {
    /// The parameter of `eth_signTransaction`: every field as the execution API spells it.
    func signingRequest(from sender: Address) -> JSON {
        var object = JSONObject()
        object["from"] = .string(sender.hex)
        object["to"] = to.map { .string($0.hex) }
        object["nonce"] = .string(Quantity.encode(nonce))
        object["gas"] = .string(Quantity.encode(gasLimit))
        switch self {
        case .legacy, .eip2930:
            object["gasPrice"] = .string(Quantity.encode(maxFeePerGas))
        case .eip1559:
            object["maxPriorityFeePerGas"] = .string(Quantity.encode(maxPriorityFeePerGas))
            object["maxFeePerGas"] = .string(Quantity.encode(maxFeePerGas))
        }
        object["value"] = .string(Quantity.encode(value))
        // Web3Signer reads the one name, newer services the other; both with the same bytes are understood by all.
        object["data"] = .string(Hex.encode(data))
        object["input"] = .string(Hex.encode(data))
        object["chainId"] = chainID.map { .string(Quantity.encode($0)) }
        // A gas price and an access list, even an empty one, are what makes the second kind.
        switch self {
        case .eip2930: object["accessList"] = accessListJSON
        case .legacy, .eip1559: if !accessList.isEmpty { object["accessList"] = accessListJSON }
        }
        return .object(object)
    }

    private var accessListJSON: JSON {
        .array(
            accessList.map { entry in
                [
                    "address": .string(entry.address.hex),
                    "storageKeys": .array(entry.storageKeys.map { .string($0.hex) }),
                ]
            })
    }

    /// The first field in which another transaction differs; `nil` when it is the same.
    func firstDifference(from other: Transaction) -> TransactionField? {
        guard typeByte == other.typeByte else { return .type }
        if chainID != other.chainID { return .chainID }
        if nonce != other.nonce { return .nonce }
        if maxPriorityFeePerGas != other.maxPriorityFeePerGas { return priorityFeeField }
        if maxFeePerGas != other.maxFeePerGas { return .maxFeePerGas }
        if gasLimit != other.gasLimit { return .gasLimit }
        if to != other.to { return .to }
        if value != other.value { return .value }
        if data != other.data { return .data }
        // Whatever a kind may come to hold beyond the fields above, nothing that differs passes.
        return self == other ? nil : .accessList
    }

    /// The field behind ``maxPriorityFeePerGas``.
    private var priorityFeeField: TransactionField {
        switch self {
        case .legacy, .eip2930: .gasPrice
        case .eip1559: .maxPriorityFeePerGas
        }
    }
}
