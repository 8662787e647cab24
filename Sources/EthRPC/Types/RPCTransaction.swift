// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// A transaction as a node describes it; what it does not verify is the node's word.
public struct RPCTransaction: Sendable, Hashable {
    /// The hash.
    public let hash: TransactionHash

    /// The sender.
    public let from: Address

    /// The receiver; `nil` creates a contract.
    public let to: Address?

    /// How many transactions the sender had made before.
    public let nonce: UInt64

    /// Wei that are transferred.
    public let value: UInt256

    /// The call data.
    public let input: [UInt8]

    /// The transaction type of EIP-2718; 0 for legacy ones.
    public let type: UInt64

    /// The block that holds it; `nil` while it is pending.
    public let inclusion: Inclusion?

    /// The place of a mined transaction.
    public struct Inclusion: Sendable, Hashable {
        /// The block's number.
        public let blockNumber: UInt64

        /// The block's hash.
        public let blockHash: BlockHash

        /// Names a place.
        public init(blockNumber: UInt64, blockHash: BlockHash) {
            self.blockNumber = blockNumber
            self.blockHash = blockHash
        }
    }

    /// Describes a transaction.
    public init(
        hash: TransactionHash, from: Address, to: Address?, nonce: UInt64, value: UInt256, input: [UInt8],
        type: UInt64, inclusion: Inclusion?
    ) {
        self.hash = hash
        self.from = from
        self.to = to
        self.nonce = nonce
        self.value = value
        self.input = input
        self.type = type
        self.inclusion = inclusion
    }
}

extension RPCTransaction {
    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        hash = try cursor["hash"].hash()
        from = try cursor["from"].address()
        to = try cursor["to"].optional { cursor throws(JSONShapeError) in try cursor.address() }
        nonce = try cursor["nonce"].quantity64()
        value = try cursor["value"].quantity()
        input = try cursor["input"].data()
        type = try cursor["type"].optional { cursor throws(JSONShapeError) in try cursor.quantity64() } ?? 0
        if cursor["blockHash"].isMissing, cursor["blockNumber"].isMissing {
            inclusion = nil
        } else {
            inclusion = Inclusion(
                blockNumber: try cursor["blockNumber"].quantity64(), blockHash: try cursor["blockHash"].hash())
        }
    }
}
