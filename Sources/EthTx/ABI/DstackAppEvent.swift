// SPDX-License-Identifier: Apache-2.0

/// The events of the per-app contract DstackApp.
///
/// The arguments of those about ownership are indexed, those of the others are not.
public enum DstackAppEvent: Sendable, Hashable {
    /// A compose hash has been allowed.
    case composeHashAdded(Bytes32)
    /// A compose hash has been withdrawn.
    case composeHashRemoved(Bytes32)
    /// A device has been allowed.
    case deviceAdded(Bytes32)
    /// A device has been withdrawn.
    case deviceRemoved(Bytes32)
    /// Every device is allowed from now on, or no longer.
    case allowAnyDeviceSet(Bool)
    /// The contract is offered to another account.
    case ownershipTransferStarted(from: Address, to: Address)
    /// The contract has another owner.
    case ownershipTransferred(from: Address, to: Address)

    /// The first topic of `ComposeHashAdded(bytes32)`.
    public static let composeHashAddedTopic = topic("ComposeHashAdded(bytes32)")

    /// The first topic of `ComposeHashRemoved(bytes32)`.
    public static let composeHashRemovedTopic = topic("ComposeHashRemoved(bytes32)")

    /// The first topic of `DeviceAdded(bytes32)`.
    public static let deviceAddedTopic = topic("DeviceAdded(bytes32)")

    /// The first topic of `DeviceRemoved(bytes32)`.
    public static let deviceRemovedTopic = topic("DeviceRemoved(bytes32)")

    /// The first topic of `AllowAnyDeviceSet(bool)`.
    public static let allowAnyDeviceSetTopic = topic("AllowAnyDeviceSet(bool)")

    /// The first topic of `OwnershipTransferStarted(address,address)`.
    public static let ownershipTransferStartedTopic = topic("OwnershipTransferStarted(address,address)")

    /// The first topic of `OwnershipTransferred(address,address)`.
    public static let ownershipTransferredTopic = topic("OwnershipTransferred(address,address)")

    /// Reads a log; `nil` when it is none of these events.
    public init?(topics: [Bytes32], data: [UInt8]) {
        if topics.count == 3, data.isEmpty, let from = Address(word: topics[1]), let to = Address(word: topics[2]) {
            self.init(topics[0], from: from, to: to)
        } else if topics.count == 1, let word = Bytes32(bytes: data) {
            self.init(topics[0], word)
        } else {
            return nil
        }
    }

    private init?(_ topic: Bytes32, _ word: Bytes32) {
        switch topic {
        case DstackAppEvent.composeHashAddedTopic: self = .composeHashAdded(word)
        case DstackAppEvent.composeHashRemovedTopic: self = .composeHashRemoved(word)
        case DstackAppEvent.deviceAddedTopic: self = .deviceAdded(word)
        case DstackAppEvent.deviceRemovedTopic: self = .deviceRemoved(word)
        case DstackAppEvent.allowAnyDeviceSetTopic where UInt256(word) <= 1:
            self = .allowAnyDeviceSet(!UInt256(word).isZero)
        case _: return nil
        }
    }

    private init?(_ topic: Bytes32, from: Address, to: Address) {
        switch topic {
        case DstackAppEvent.ownershipTransferStartedTopic: self = .ownershipTransferStarted(from: from, to: to)
        case DstackAppEvent.ownershipTransferredTopic: self = .ownershipTransferred(from: from, to: to)
        case _: return nil
        }
    }

    private static func topic(_ signature: String) -> Bytes32 {
        Bytes32.keccak256(Array(signature.utf8))
    }
}
