// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Limits that the operator sets; what is absent has a default that depends on the chain.
public struct Policy: Sendable, Hashable {
    /// Depth at which a fact of the chain counts; the including block is 1.
    public var confirmations: UInt64?

    /// Cap on `maxFeePerGas`, in wei.
    public var maxFeePerGas: UInt256?

    /// Cap on `maxPriorityFeePerGas`, in wei.
    public var maxPriorityFeePerGas: UInt256?

    /// Cap on the sum over an operation's nonces of its dearest attempt, in wei.
    public var maxCost: UInt256?

    /// A policy; `nil` takes the default.
    public init(
        confirmations: UInt64? = nil, maxFeePerGas: UInt256? = nil, maxPriorityFeePerGas: UInt256? = nil,
        maxCost: UInt256? = nil
    ) {
        self.confirmations = confirmations
        self.maxFeePerGas = maxFeePerGas
        self.maxPriorityFeePerGas = maxPriorityFeePerGas
        self.maxCost = maxCost
    }

    /// The limits in force on a chain.
    public func limits(chainID: UInt64) -> Limits {
        let defaults = Limits.defaults(chainID: chainID)
        return Limits(
            confirmations: max(1, confirmations ?? defaults.confirmations),
            maxFeePerGas: maxFeePerGas ?? defaults.maxFeePerGas,
            maxPriorityFeePerGas: maxPriorityFeePerGas ?? defaults.maxPriorityFeePerGas,
            maxCost: maxCost ?? defaults.maxCost
        )
    }
}

/// The limits in force on one chain.
public struct Limits: Sendable, Hashable {
    /// Depth at which a fact of the chain counts; at least 1.
    public let confirmations: UInt64

    /// Cap on `maxFeePerGas`, in wei.
    public let maxFeePerGas: UInt256

    /// Cap on `maxPriorityFeePerGas`, in wei.
    public let maxPriorityFeePerGas: UInt256

    /// Cap on the cost of an operation, in wei.
    public let maxCost: UInt256

    /// Gas limit of a call whose cost is known; no estimate raises it.
    static let knownCallGas: UInt64 = 200_000

    static func defaults(chainID: UInt64) -> Limits {
        let gwei: UInt64 = 1_000_000_000
        let maxCost = UInt256(20_000_000 * gwei)
        switch chainID {
        case 1:
            return Limits(
                confirmations: 2, maxFeePerGas: UInt256(100 * gwei), maxPriorityFeePerGas: UInt256(3 * gwei),
                maxCost: maxCost)
        case 8453:
            return Limits(
                confirmations: 1, maxFeePerGas: UInt256(5 * gwei), maxPriorityFeePerGas: UInt256(gwei / 10),
                maxCost: maxCost)
        default:
            return Limits(
                confirmations: 1, maxFeePerGas: UInt256(100 * gwei), maxPriorityFeePerGas: UInt256(3 * gwei),
                maxCost: maxCost)
        }
    }

    /// The block at which facts count while `head` is the newest: `head` itself at depth 1.
    func depthBlock(head: UInt64) -> UInt64 {
        head - min(head, confirmations - 1)
    }

    /// Whether a block is as deep as asked while `head` is the newest.
    func isDeep(_ block: UInt64, head: UInt64) -> Bool {
        block <= head && head - block >= confirmations - 1
    }
}
