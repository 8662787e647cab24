// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// The receipt of a mined transaction.
public struct Receipt: Sendable, Hashable {
    /// The transaction.
    public let transactionHash: TransactionHash

    /// The hash of the block that holds it.
    public let blockHash: BlockHash

    /// The number of the block that holds it.
    public let blockNumber: UInt64

    /// The sender.
    public let from: Address

    /// The receiver; `nil` where a contract was created.
    public let to: Address?

    /// Whether it did what it was to do (status 1); a reverted transaction (status 0) is mined, too.
    public let isSuccess: Bool

    /// The gas that it used.
    public let gasUsed: UInt64

    /// Wei per gas that it paid.
    public let effectiveGasPrice: UInt256

    /// What contracts wrote, each entry of this very transaction and block.
    public let logs: [Log]

    /// Wei paid for the data on the layer below (OP-stack chains); `nil` elsewhere.
    public let l1Fee: UInt256?

    /// Describes a receipt.
    public init(
        transactionHash: TransactionHash, blockHash: BlockHash, blockNumber: UInt64, from: Address, to: Address?,
        isSuccess: Bool, gasUsed: UInt64, effectiveGasPrice: UInt256, logs: [Log], l1Fee: UInt256? = nil
    ) {
        self.transactionHash = transactionHash
        self.blockHash = blockHash
        self.blockNumber = blockNumber
        self.from = from
        self.to = to
        self.isSuccess = isSuccess
        self.gasUsed = gasUsed
        self.effectiveGasPrice = effectiveGasPrice
        self.logs = logs
        self.l1Fee = l1Fee
    }
}

extension Receipt {
    /// Reads the receipt of a certain transaction.
    init(_ cursor: JSONCursor, of hash: TransactionHash) throws(JSONShapeError) {
        transactionHash = try cursor["transactionHash"].hash()
        try cursor["transactionHash"].expect(transactionHash, equals: hash)
        blockHash = try cursor["blockHash"].hash()
        blockNumber = try cursor["blockNumber"].quantity64()
        from = try cursor["from"].address()
        to = try cursor["to"].optional { cursor throws(JSONShapeError) in try cursor.address() }
        switch try cursor["status"].quantity() {
        case 0: isSuccess = false
        case 1: isSuccess = true
        case _: throw cursor["status"].mismatch("0x0 or 0x1")
        }
        gasUsed = try cursor["gasUsed"].quantity64()
        effectiveGasPrice = try cursor["effectiveGasPrice"].quantity()
        l1Fee = try cursor["l1Fee"].optional { cursor throws(JSONShapeError) in try cursor.quantity() }
        var logs: [Log] = []
        for item in try cursor["logs"].array() {
            let log = try Log(item)
            try item["transactionHash"].expect(log.transactionHash, equals: transactionHash)
            try item["blockHash"].expect(log.blockHash, equals: blockHash)
            try item["blockNumber"].expect(log.blockNumber, equals: blockNumber)
            try item["removed"].expect(log.isRemoved, equals: false)
            logs.append(log)
        }
        self.logs = logs
    }
}
