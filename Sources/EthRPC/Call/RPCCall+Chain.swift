// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

extension RPCCall where Value == UInt64 {
    /// The chain's id (EIP-695).
    public static var chainID: RPCCall {
        RPCCall(.chainID, []) { cursor throws(JSONShapeError) in try cursor.quantity64() }
    }

    /// The number of the newest block.
    public static var blockNumber: RPCCall {
        RPCCall(.blockNumber, []) { cursor throws(JSONShapeError) in try cursor.quantity64() }
    }

    /// How many transactions an account has made.
    public static func transactionCount(_ account: Address, at tag: BlockTag) -> RPCCall {
        RPCCall(.transactionCount, [.string(account.hex), tag.json]) { cursor throws(JSONShapeError) in
            try cursor.quantity64()
        }
    }

    /// The gas that a call would take.
    public static func estimateGas(_ message: CallMessage, at tag: BlockTag = .latest) -> RPCCall {
        RPCCall(.estimateGas, [message.json, tag.json]) { cursor throws(JSONShapeError) in try cursor.quantity64() }
    }
}

extension RPCCall where Value == UInt256 {
    /// Wei of an account.
    public static func balance(_ account: Address, at tag: BlockTag) -> RPCCall {
        RPCCall(.balance, [.string(account.hex), tag.json]) { cursor throws(JSONShapeError) in
            try cursor.quantity()
        }
    }

    /// Wei per gas that the node suggests for a legacy transaction.
    public static var gasPrice: RPCCall {
        RPCCall(.gasPrice, []) { cursor throws(JSONShapeError) in try cursor.quantity() }
    }

    /// The tip in wei per gas that the node suggests.
    public static var maxPriorityFeePerGas: RPCCall {
        RPCCall(.maxPriorityFeePerGas, []) { cursor throws(JSONShapeError) in try cursor.quantity() }
    }
}

extension RPCCall where Value == [UInt8] {
    /// The code at an address; no bytes where there is none.
    public static func code(_ account: Address, at tag: BlockTag) -> RPCCall {
        RPCCall(.code, [.string(account.hex), tag.json]) { cursor throws(JSONShapeError) in try cursor.data() }
    }

    /// What a call returns.
    ///
    /// A revert is a ``RPCCallError/node(_:)`` with ``RPCNodeError/revertData``.
    public static func call(_ message: CallMessage, at tag: BlockTag = .latest) -> RPCCall {
        RPCCall(.call, [message.json, tag.json]) { cursor throws(JSONShapeError) in try cursor.data() }
    }

    /// What a call returns.
    public static func call(
        from sender: Address? = nil, to contract: Address, data: [UInt8], at tag: BlockTag = .latest
    ) -> RPCCall {
        call(CallMessage(from: sender, to: contract, data: data), at: tag)
    }
}

extension RPCCall where Value == Bytes32 {
    /// A storage slot of a contract.
    public static func storage(of account: Address, slot: UInt256, at tag: BlockTag) -> RPCCall {
        RPCCall(.storageAt, [.string(account.hex), .string(slot.bytes32.hex), tag.json]) {
            cursor throws(JSONShapeError) in try cursor.bytes32()
        }
    }
}

extension RPCCall where Value == TransactionHash {
    /// Broadcasts a signed transaction; its hash comes back.
    ///
    /// ``SendVerdict`` reads errors.
    public static func sendRawTransaction(_ raw: [UInt8]) -> RPCCall {
        let expected = TransactionHash(Bytes32.keccak256(raw))
        return RPCCall(.sendRawTransaction, [.string(Hex.encode(raw))]) { cursor throws(JSONShapeError) in
            let hash = try cursor.hash(TransactionHash.self)
            try cursor.expect(hash, equals: expected)
            return hash
        }
    }
}

extension RPCCall where Value == String {
    /// Name and version of the node's software, at most 200 characters, fit for a terminal.
    public static var clientVersion: RPCCall {
        RPCCall(.clientVersion, []) { cursor throws(JSONShapeError) in
            RPCText.printable(try cursor.string(), limit: 200)
        }
    }
}

extension RPCCall where Value == Bool {
    /// Whether the node says that it has not caught up with its chain.
    public static var syncing: RPCCall {
        RPCCall(.syncing, []) { cursor throws(JSONShapeError) in
            if let isSyncing = cursor.value?.bool { return isSyncing }
            _ = try cursor.object()
            return true
        }
    }
}
