// SPDX-License-Identifier: Apache-2.0

/// The events of the per-app contract DstackApp; their one argument is not indexed.
public enum DstackAppEvent: Sendable, Hashable {
    /// A compose hash has been allowed.
    case composeHashAdded(Bytes32)
    /// A compose hash has been withdrawn.
    case composeHashRemoved(Bytes32)
    /// A device has been allowed.
    case deviceAdded(Bytes32)
    /// A device has been withdrawn.
    case deviceRemoved(Bytes32)

    /// The first topic of `ComposeHashAdded(bytes32)`.
    public static let composeHashAddedTopic = topic("ComposeHashAdded(bytes32)")

    /// The first topic of `ComposeHashRemoved(bytes32)`.
    public static let composeHashRemovedTopic = topic("ComposeHashRemoved(bytes32)")

    /// The first topic of `DeviceAdded(bytes32)`.
    public static let deviceAddedTopic = topic("DeviceAdded(bytes32)")

    /// The first topic of `DeviceRemoved(bytes32)`.
    public static let deviceRemovedTopic = topic("DeviceRemoved(bytes32)")

    /// Reads a log; `nil` when it is none of these events.
    public init?(topics: [Bytes32], data: [UInt8]) {
        guard topics.count == 1, let word = Bytes32(bytes: data) else { return nil }
        switch topics[0] {
        case DstackAppEvent.composeHashAddedTopic: self = .composeHashAdded(word)
        case DstackAppEvent.composeHashRemovedTopic: self = .composeHashRemoved(word)
        case DstackAppEvent.deviceAddedTopic: self = .deviceAdded(word)
        case DstackAppEvent.deviceRemovedTopic: self = .deviceRemoved(word)
        case _: return nil
        }
    }

    private static func topic(_ signature: String) -> Bytes32 {
        Bytes32.keccak256(Array(signature.utf8))
    }
}
