// SPDX-License-Identifier: Apache-2.0

/// A field of a transaction on the wire, by the name that JSON-RPC gives it.
public enum TransactionField: String, Sendable, Hashable {
    /// The kind of transaction (EIP-2718).
    case type
    /// The chain it is valid on.
    case chainID = "chainId"
    /// The sender's count of transactions.
    case nonce
    /// Wei for each unit of gas; legacy transactions and EIP-2930.
    case gasPrice
    /// Wei for each unit of gas that go to the block's builder at most (EIP-1559).
    case maxPriorityFeePerGas
    /// Wei for each unit of gas at most (EIP-1559).
    case maxFeePerGas
    /// The most gas that it may use.
    case gasLimit = "gas"
    /// The recipient.
    case to
    /// The amount sent, in wei.
    case value
    /// The call data, or the init code of a contract.
    case data = "input"
    /// The access list as a whole.
    case accessList
    /// One entry of the access list.
    case accessListEntry
    /// The account of an entry.
    case accessListAddress = "accessList.address"
    /// The list of slots of an entry.
    case accessListStorageKeys = "accessList.storageKeys"
    /// One slot of an entry.
    case accessListStorageKey = "accessList.storageKey"
    /// The parity of the signature; all kinds but legacy ones.
    case yParity
    /// Parity and chain of the signature; legacy transactions (EIP-155).
    case v
    /// The first half of the signature.
    case r
    /// The second half of the signature.
    case s
}

/// What is wrong with a field of a transaction on the wire.
public enum TransactionFieldFault: Sendable, Hashable {
    /// A list stands where a byte string should be.
    case isList
    /// A byte string stands where a list should be.
    case isString
    /// An integer begins with a zero byte.
    case leadingZero
    /// An integer is wider than the field.
    case overflow(bits: Int)
    /// A byte string of a fixed length has another one.
    case wrongLength(expected: Int, found: Int)
    /// A list of a fixed number of items has another one.
    case wrongCount(expected: Int)
}
