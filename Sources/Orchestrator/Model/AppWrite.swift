// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A write of the per-app contract DstackApp.
public enum AppWrite: Sendable, Hashable {
    /// Allows a compose hash.
    case addComposeHash(Bytes32)
    /// Withdraws a compose hash.
    case removeComposeHash(Bytes32)
    /// Allows a device.
    case addDevice(Bytes32)
    /// Withdraws a device.
    case removeDevice(Bytes32)
    /// Allows or stops allowing every device.
    case setAllowAnyDevice(Bool)
    /// Gives the contract to another account, which has to accept where ownership passes in two steps.
    case transferOwnership(Address)
    /// Takes the contract over, by the account that it was offered to.
    case acceptOwnership(by: Address)

    /// The function with its argument.
    public var function: DstackAppCall {
        switch self {
        case .addComposeHash(let hash): .addComposeHash(hash)
        case .removeComposeHash(let hash): .removeComposeHash(hash)
        case .addDevice(let device): .addDevice(device)
        case .removeDevice(let device): .removeDevice(device)
        case .setAllowAnyDevice(let allows): .setAllowAnyDevice(allows)
        case .transferOwnership(let account): .transferOwnership(account)
        case .acceptOwnership: .acceptOwnership
        }
    }

    /// What the contract says when the write is in effect.
    func effect(on app: Address) -> ContractFact {
        switch self {
        case .addComposeHash(let hash): .allowsHash(hash, by: app)
        case .removeComposeHash(let hash): .not(.allowsHash(hash, by: app))
        case .addDevice(let device): .allowsDevice(device, by: app)
        case .removeDevice(let device): .not(.allowsDevice(device, by: app))
        case .setAllowAnyDevice(true): .allowsAnyDevice(by: app)
        case .setAllowAnyDevice(false): .not(.allowsAnyDevice(by: app))
        // Older apps pass ownership on in one step, newer ones in two; see ``DstackAppCall``.
        case .transferOwnership(let account): .any([.isPendingOwner(account, of: app), .isOwner(account, of: app)])
        case .acceptOwnership(let account): .isOwner(account, of: app)
        }
    }

    /// The first topic of the event.
    var topic: Bytes32 {
        switch self {
        case .addComposeHash: DstackAppEvent.composeHashAddedTopic
        case .removeComposeHash: DstackAppEvent.composeHashRemovedTopic
        case .addDevice: DstackAppEvent.deviceAddedTopic
        case .removeDevice: DstackAppEvent.deviceRemovedTopic
        case .setAllowAnyDevice: DstackAppEvent.allowAnyDeviceSetTopic
        case .transferOwnership: DstackAppEvent.ownershipTransferStartedTopic
        case .acceptOwnership: DstackAppEvent.ownershipTransferredTopic
        }
    }

    /// Whether an event is the one that this write causes.
    func isNamed(by event: DstackAppEvent?) -> Bool {
        switch (self, event) {
        case (.addComposeHash(let hash), .composeHashAdded(let named)?),
            (.removeComposeHash(let hash), .composeHashRemoved(let named)?):
            hash == named
        case (.addDevice(let device), .deviceAdded(let named)?),
            (.removeDevice(let device), .deviceRemoved(let named)?):
            device == named
        case (.setAllowAnyDevice(let allows), .allowAnyDeviceSet(let named)?): allows == named
        case (.transferOwnership(let account), .ownershipTransferStarted(_, let named)?),
            (.transferOwnership(let account), .ownershipTransferred(_, let named)?),
            (.acceptOwnership(let account), .ownershipTransferred(_, let named)?):
            account == named
        case (_, _): false
        }
    }

    /// Function and argument, for people.
    public var summary: String {
        switch self {
        case .addComposeHash(let hash): "addComposeHash(\(hash))"
        case .removeComposeHash(let hash): "removeComposeHash(\(hash))"
        case .addDevice(let device): "addDevice(\(device))"
        case .removeDevice(let device): "removeDevice(\(device))"
        case .setAllowAnyDevice(let allows): "setAllowAnyDevice(\(allows))"
        case .transferOwnership(let account): "transferOwnership(\(account.checksummed))"
        case .acceptOwnership: "acceptOwnership()"
        }
    }
}
