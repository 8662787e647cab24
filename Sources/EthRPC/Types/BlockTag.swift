// SPDX-License-Identifier: Apache-2.0

public import EthTx
public import StrictJSON

/// A block, or the state after it, by number or by what it is.
public enum BlockTag: Sendable, Hashable {
    /// The newest block that the node knows.
    case latest
    /// The state that the node expects the next block to leave.
    case pending
    /// The newest block that is safe from most reorganisations.
    case safe
    /// The newest block that is never reorganised.
    case finalized
    /// The genesis block.
    case earliest
    /// The canonical block of a number.
    case number(UInt64)
    /// The block of a hash, which must be canonical (EIP-1898).
    case hash(BlockHash)

    /// The parameter of methods that read state.
    public var json: JSON {
        switch self {
        case .latest: "latest"
        case .pending: "pending"
        case .safe: "safe"
        case .finalized: "finalized"
        case .earliest: "earliest"
        case .number(let number): .string(Quantity.encode(number))
        case .hash(let hash): ["blockHash": .string(hash.hex), "requireCanonical": true]
        }
    }
}
