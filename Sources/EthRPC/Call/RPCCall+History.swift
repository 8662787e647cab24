// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

extension RPCCall where Value == Block? {
    /// A mined block; `nil` when the node has none such.
    ///
    /// A block by number or hash must be that very block. ``BlockTag/pending`` is no mined block and not readable.
    public static func block(_ tag: BlockTag, fullTransactions: Bool = false) -> RPCCall {
        let method: RPCMethod
        let key: JSON
        switch tag {
        case .hash(let hash): (method, key) = (.blockByHash, .string(hash.hex))
        case .latest, .pending, .safe, .finalized, .earliest, .number: (method, key) = (.blockByNumber, tag.json)
        }
        return RPCCall(method, [key, .bool(fullTransactions)], null: .some(nil)) { cursor throws(JSONShapeError) in
            let block = try Block(cursor, full: fullTransactions)
            switch tag {
            case .number(let number): try cursor["number"].expect(block.number, equals: number)
            case .hash(let hash): try cursor["hash"].expect(block.hash, equals: hash)
            case .earliest: try cursor["number"].expect(block.number, equals: 0)
            case .latest, .pending, .safe, .finalized: break
            }
            return block
        }
    }
}

extension RPCCall where Value == Receipt? {
    /// The receipt of a transaction; `nil` while it is not mined.
    public static func transactionReceipt(_ hash: TransactionHash) -> RPCCall {
        RPCCall(.transactionReceipt, [.string(hash.hex)], null: .some(nil)) { cursor throws(JSONShapeError) in
            try Receipt(cursor, of: hash)
        }
    }
}

extension RPCCall where Value == RPCTransaction? {
    /// A transaction, mined or in the node's pool; `nil` when the node does not know it.
    public static func transaction(_ hash: TransactionHash) -> RPCCall {
        RPCCall(.transactionByHash, [.string(hash.hex)], null: .some(nil)) { cursor throws(JSONShapeError) in
            let transaction = try RPCTransaction(cursor)
            try cursor["hash"].expect(transaction.hash, equals: hash)
            return transaction
        }
    }
}

extension RPCCall where Value == FeeHistory {
    /// What the newest blocks charged.
    ///
    /// `blocks` is kept within 1 to 1024; percentiles must rise and lie within 0 to 100.
    public static func feeHistory(blocks: UInt64, percentiles: [UInt8]) -> RPCCall {
        let count = min(max(blocks, 1), 1024)
        let params: [JSON] = [
            .string(Quantity.encode(count)), "latest", .array(percentiles.map { .number(JSONNumber($0)) }),
        ]
        return RPCCall(.feeHistory, params) { cursor throws(JSONShapeError) in
            try FeeHistory(cursor, blocks: count, percentiles: percentiles.count)
        }
    }
}

extension RPCCall where Value == [Log] {
    /// The logs that a filter selects, in the order of the chain; each is checked against the filter.
    public static func logs(_ filter: LogFilter) -> RPCCall {
        RPCCall(.logs, [filter.json]) { cursor throws(JSONShapeError) in
            var logs: [Log] = []
            for item in try cursor.array() {
                let log = try Log(item)
                guard filter.matches(log) else { throw item.mismatch("log that the filter selects") }
                logs.append(log)
            }
            return logs
        }
    }
}
