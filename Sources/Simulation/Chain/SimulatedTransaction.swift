// SPDX-License-Identifier: Apache-2.0

import EthTx

/// A transaction as the simulated chain knows it.
struct SimulatedTransaction {
    /// What it does to an app's contract.
    enum Call: Hashable {
        case write(app: Int, Write)
        case nothing
    }

    /// A write of an app's contract.
    enum Write: Hashable {
        /// Allows a compose hash, or withdraws it.
        case hash(Bytes32, Bool)
        /// Lists a device, or withdraws it.
        case device(Bytes32, Bool)
        case anyDevice(Bool)
        /// Gives the contract to a stranger.
        case handOver
    }

    let hash: TransactionHash
    let signer: Int
    let sender: Address
    let nonce: UInt64
    let to: Address?
    let call: Call
    let maxFee: UInt64
    let tip: UInt64

    /// The operation that signed it, an index of the oracle's records; `nil` for somebody else's.
    var operation: Int?
}

/// A transaction in a block.
struct Placement {
    let transaction: Int
    let block: UInt64
    let isSuccess: Bool
}

/// One branch of the chain up to a head, as somebody sees it.
struct Branch {
    /// From which block on, which fork made the blocks.
    struct Fork {
        let from: UInt64
        let number: UInt64
    }

    var head: UInt64
    var forks: [Fork]

    /// What the blocks hold, in order.
    var placements: [Placement]

    /// A block's hash; another one in another fork.
    func hash(of number: UInt64) -> BlockHash? {
        guard number <= head else { return nil }
        let fork = forks.last { $0.from <= number }?.number ?? 0
        return BlockHash(UInt256(UInt128(fork + 1) << 64 | UInt128(number)).bytes32)
    }

    /// The same branch up to an earlier block.
    func before(_ head: UInt64) -> Branch {
        Branch(head: head, forks: forks, placements: placements.filter { $0.block <= head })
    }
}
