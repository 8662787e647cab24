// SPDX-License-Identifier: Apache-2.0

/// An unsigned transaction of any kind that this library can build.
public enum Transaction: Sendable, Hashable {
    /// The first kind, with or without EIP-155.
    case legacy(LegacyTransaction)
    /// Type 1.
    case eip2930(EIP2930Transaction)
    /// Type 2.
    case eip1559(EIP1559Transaction)
}

extension Transaction {
    /// The type byte of EIP-2718; `nil` for a legacy transaction, which has none.
    public var typeByte: UInt8? {
        switch self {
        case .legacy: nil
        case .eip2930: 1
        case .eip1559: 2
        }
    }

    /// The chain it is valid on; `nil` when it is not replay-protected.
    public var chainID: UInt256? {
        switch self {
        case .legacy(let transaction): transaction.chainID
        case .eip2930(let transaction): transaction.chainID
        case .eip1559(let transaction): transaction.chainID
        }
    }

    /// How many transactions the sender has made before.
    public var nonce: UInt64 {
        switch self {
        case .legacy(let transaction): transaction.nonce
        case .eip2930(let transaction): transaction.nonce
        case .eip1559(let transaction): transaction.nonce
        }
    }

    /// The most gas that it may use.
    public var gasLimit: UInt64 {
        switch self {
        case .legacy(let transaction): transaction.gasLimit
        case .eip2930(let transaction): transaction.gasLimit
        case .eip1559(let transaction): transaction.gasLimit
        }
    }

    /// The most that is paid, wei for each unit of gas: the gas price where there is one.
    public var maxFeePerGas: UInt256 {
        switch self {
        case .legacy(let transaction): transaction.gasPrice
        case .eip2930(let transaction): transaction.gasPrice
        case .eip1559(let transaction): transaction.maxFeePerGas
        }
    }

    /// The most that goes to the block's builder, wei for each unit of gas: the gas price where there is one.
    public var maxPriorityFeePerGas: UInt256 {
        switch self {
        case .legacy(let transaction): transaction.gasPrice
        case .eip2930(let transaction): transaction.gasPrice
        case .eip1559(let transaction): transaction.maxPriorityFeePerGas
        }
    }

    /// The recipient; `nil` creates a contract.
    public var to: Address? {
        switch self {
        case .legacy(let transaction): transaction.to
        case .eip2930(let transaction): transaction.to
        case .eip1559(let transaction): transaction.to
        }
    }

    /// The amount sent, in wei.
    public var value: UInt256 {
        switch self {
        case .legacy(let transaction): transaction.value
        case .eip2930(let transaction): transaction.value
        case .eip1559(let transaction): transaction.value
        }
    }

    /// The call data, or the init code of a contract.
    public var data: [UInt8] {
        switch self {
        case .legacy(let transaction): transaction.data
        case .eip2930(let transaction): transaction.data
        case .eip1559(let transaction): transaction.data
        }
    }

    /// The access list; empty for a legacy transaction, which has none.
    public var accessList: [AccessListEntry] {
        switch self {
        case .legacy: []
        case .eip2930(let transaction): transaction.accessList
        case .eip1559(let transaction): transaction.accessList
        }
    }

    /// The most that it can cost: gas limit times fee plus value, in wei; `nil` beyond 2^256 − 1.
    public var maxCost: UInt256? {
        maxFeePerGas.multiplied(by: UInt256(gasLimit))?.adding(value)
    }
}
