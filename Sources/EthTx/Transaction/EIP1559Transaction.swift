// SPDX-License-Identifier: Apache-2.0

/// A transaction of type 2: a base fee that the block sets and a priority fee for who builds it (EIP-1559).
public struct EIP1559Transaction: Sendable, Hashable {
    /// The chain it is valid on.
    public var chainID: UInt256

    /// How many transactions the sender has made before.
    public var nonce: UInt64

    /// The most that goes to the block's builder, wei for each unit of gas.
    public var maxPriorityFeePerGas: UInt256

    /// The most that is paid in all, wei for each unit of gas.
    public var maxFeePerGas: UInt256

    /// The most gas that it may use.
    public var gasLimit: UInt64

    /// The recipient; `nil` creates a contract.
    public var to: Address?

    /// The amount sent, in wei.
    public var value: UInt256

    /// The call data, or the init code of a contract.
    public var data: [UInt8]

    /// The accounts and slots that are paid for in advance.
    public var accessList: [AccessListEntry]

    /// Sets all fields.
    public init(
        chainID: UInt256, nonce: UInt64, maxPriorityFeePerGas: UInt256, maxFeePerGas: UInt256, gasLimit: UInt64,
        to: Address?, value: UInt256 = 0, data: [UInt8] = [], accessList: [AccessListEntry] = []
    ) {
        self.chainID = chainID
        self.nonce = nonce
        self.maxPriorityFeePerGas = maxPriorityFeePerGas
        self.maxFeePerGas = maxFeePerGas
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
        self.accessList = accessList
    }
}
