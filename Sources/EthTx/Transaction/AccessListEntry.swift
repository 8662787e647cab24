// SPDX-License-Identifier: Apache-2.0

/// One entry of an access list (EIP-2930): an account and the storage slots that the transaction will touch.
public struct AccessListEntry: Sendable, Hashable {
    /// The account.
    public var address: Address

    /// The storage slots, 32 bytes each; duplicates are allowed by the protocol.
    public var storageKeys: [Bytes32]

    /// Pairs an account with its slots.
    public init(address: Address, storageKeys: [Bytes32]) {
        self.address = address
        self.storageKeys = storageKeys
    }
}
