// SPDX-License-Identifier: Apache-2.0

/// A field of a transaction on the wire, by the name that JSON-RPC gives it.
public enum TransactionField: String, Sendable, Hashable {
    case type
    case chainID = "chainId"
    case nonce
    case gasPrice
    case maxPriorityFeePerGas
    case maxFeePerGas
    case gasLimit = "gas"
    case to
    case value
    case data = "input"
    case accessList
    case accessListEntry
    case accessListAddress = "accessList.address"
    case accessListStorageKeys = "accessList.storageKeys"
    case accessListStorageKey = "accessList.storageKey"
    case yParity
    case v
    case r
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
