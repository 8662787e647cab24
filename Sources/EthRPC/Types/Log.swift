// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// A log entry of a mined transaction.
public struct Log: Sendable, Hashable {
    /// The contract that wrote it.
    public let address: Address

    /// Up to four topics; the first is usually the hash of the event's signature.
    public let topics: [Bytes32]

    /// The data.
    public let data: [UInt8]

    /// The block's number.
    public let blockNumber: UInt64

    /// The block's hash.
    public let blockHash: BlockHash

    /// The transaction.
    public let transactionHash: TransactionHash

    /// The position among all logs of the block.
    public let logIndex: UInt64

    /// Whether a reorganisation took it away.
    public let isRemoved: Bool

    /// Describes a log entry.
    public init(
        address: Address, topics: [Bytes32], data: [UInt8], blockNumber: UInt64, blockHash: BlockHash,
        transactionHash: TransactionHash, logIndex: UInt64, isRemoved: Bool = false
    ) {
        self.address = address
        self.topics = topics
        self.data = data
        self.blockNumber = blockNumber
        self.blockHash = blockHash
        self.transactionHash = transactionHash
        self.logIndex = logIndex
        self.isRemoved = isRemoved
    }
}

extension Log {
    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        address = try cursor["address"].address()
        let items = try cursor["topics"].array()
        guard items.count <= 4 else { throw cursor["topics"].mismatch("at most 4 topics") }
        var topics: [Bytes32] = []
        for item in items { topics.append(try item.bytes32()) }
        self.topics = topics
        data = try cursor["data"].data()
        blockNumber = try cursor["blockNumber"].quantity64()
        blockHash = try cursor["blockHash"].hash()
        transactionHash = try cursor["transactionHash"].hash()
        logIndex = try cursor["logIndex"].quantity64()
        isRemoved = try cursor["removed"].optional { cursor throws(JSONShapeError) in try cursor.bool() } ?? false
    }
}
