// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// A block's header, and its transactions.
public struct Block: Sendable, Hashable {
    /// The number.
    public let number: UInt64

    /// The hash.
    public let hash: BlockHash

    /// The hash of the block before.
    public let parentHash: BlockHash

    /// Seconds since 1970-01-01 UTC.
    public let timestamp: UInt64

    /// Wei per gas that every transaction paid at least; `nil` before EIP-1559.
    public let baseFeePerGas: UInt256?

    /// The most gas that the block may use.
    public let gasLimit: UInt64

    /// The gas that it used.
    public let gasUsed: UInt64

    /// The transactions in their order.
    public let transactions: Transactions

    /// The transactions of a block, as they were asked for.
    public enum Transactions: Sendable, Hashable {
        /// Their hashes only.
        case hashes([TransactionHash])
        /// All of them.
        case full([RPCTransaction])

        /// How many there are.
        public var count: Int {
            switch self {
            case .hashes(let hashes): hashes.count
            case .full(let transactions): transactions.count
            }
        }
    }

    /// Describes a block.
    public init(
        number: UInt64, hash: BlockHash, parentHash: BlockHash, timestamp: UInt64, baseFeePerGas: UInt256?,
        gasLimit: UInt64, gasUsed: UInt64, transactions: Transactions = .hashes([])
    ) {
        self.number = number
        self.hash = hash
        self.parentHash = parentHash
        self.timestamp = timestamp
        self.baseFeePerGas = baseFeePerGas
        self.gasLimit = gasLimit
        self.gasUsed = gasUsed
        self.transactions = transactions
    }
}

extension Block {
    /// Reads a mined block; a full transaction must say that it is in this very block.
    init(_ cursor: JSONCursor, full: Bool) throws(JSONShapeError) {
        number = try cursor["number"].quantity64()
        hash = try cursor["hash"].hash()
        parentHash = try cursor["parentHash"].hash()
        timestamp = try cursor["timestamp"].quantity64()
        baseFeePerGas = try cursor["baseFeePerGas"].optional { cursor throws(JSONShapeError) in try cursor.quantity() }
        gasLimit = try cursor["gasLimit"].quantity64()
        gasUsed = try cursor["gasUsed"].quantity64()
        let items = try cursor["transactions"].array()
        guard full else {
            var hashes: [TransactionHash] = []
            for item in items { hashes.append(try item.hash()) }
            transactions = .hashes(hashes)
            return
        }
        var list: [RPCTransaction] = []
        for item in items {
            let transaction = try RPCTransaction(item)
            try item["blockHash"].expect(transaction.inclusion?.blockHash, equals: hash)
            try item["blockNumber"].expect(transaction.inclusion?.blockNumber, equals: number)
            list.append(transaction)
        }
        transactions = .full(list)
    }
}
