// SPDX-License-Identifier: Apache-2.0

/// A transaction of the first kind, with or without the replay protection of EIP-155.
public struct LegacyTransaction: Sendable, Hashable {
    /// The chain it is valid on; `nil` when it is not replay-protected (v is 27 or 28) and valid on every chain.
    public var chainID: UInt256?

    /// How many transactions the sender has made before.
    public var nonce: UInt64

    /// Wei for each unit of gas.
    public var gasPrice: UInt256

    /// The most gas that it may use.
    public var gasLimit: UInt64

    /// The recipient; `nil` creates a contract.
    public var to: Address?

    /// The amount sent, in wei.
    public var value: UInt256

    /// The call data, or the init code of a contract.
    public var data: [UInt8]

    /// Sets all fields.
    public init(
        chainID: UInt256?, nonce: UInt64, gasPrice: UInt256, gasLimit: UInt64, to: Address?, value: UInt256 = 0,
        data: [UInt8] = []
    ) {
        self.chainID = chainID
        self.nonce = nonce
        self.gasPrice = gasPrice
        self.gasLimit = gasLimit
        self.to = to
        self.value = value
        self.data = data
    }
}
