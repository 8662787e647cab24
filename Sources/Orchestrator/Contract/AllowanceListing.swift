// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What the owner of an app's contract allows and withdraws, one by one.
public enum AllowanceKind: Sendable, Hashable {
    /// Compose hashes.
    case composeHashes
    /// Devices.
    case devices

    /// The first topics of the events that allow and withdraw.
    var topics: [Bytes32] {
        switch self {
        case .composeHashes: [DstackAppEvent.composeHashAddedTopic, DstackAppEvent.composeHashRemovedTopic]
        case .devices: [DstackAppEvent.deviceAddedTopic, DstackAppEvent.deviceRemovedTopic]
        }
    }

    /// The question to the contract whether one is allowed.
    func question(_ word: Bytes32) -> DstackAppCall {
        switch self {
        case .composeHashes: .allowedComposeHashes(word)
        case .devices: .allowedDeviceIDs(word)
        }
    }

    /// What an event says of one, and whether it allows it; `nil` when it is about something else.
    func change(_ event: DstackAppEvent) -> (word: Bytes32, allows: Bool)? {
        switch (self, event) {
        case (.composeHashes, .composeHashAdded(let word)), (.devices, .deviceAdded(let word)): (word, true)
        case (.composeHashes, .composeHashRemoved(let word)), (.devices, .deviceRemoved(let word)): (word, false)
        case (_, .composeHashAdded), (_, .composeHashRemoved), (_, .deviceAdded), (_, .deviceRemoved),
            (_, .allowAnyDeviceSet), (_, .ownershipTransferStarted), (_, .ownershipTransferred):
            nil
        }
    }
}

/// One compose hash or device: what the contract says of it, and what the log tells.
public struct AllowanceRecord: Sendable, Hashable {
    /// The 32 bytes.
    public let word: Bytes32

    /// Whether it is allowed, by the contract's own word.
    public let isAllowed: Bool

    /// The events about it, oldest first; empty when the log that was read has none.
    public let events: [AppLogEntry]

    /// Describes a record.
    public init(word: Bytes32, isAllowed: Bool, events: [AppLogEntry]) {
        self.word = word
        self.isAllowed = isAllowed
        self.events = events
    }
}

/// All compose hashes or devices that are known of a contract.
public struct AllowanceListing: Sendable, Hashable {
    /// Why the log was read from where it was.
    public enum Start: Sendable, Hashable {
        /// The contract was created there.
        case creation
        /// It is the chain's first block.
        case genesis
        /// The operator named it.
        case named
        /// The endpoint tells neither when the contract was created nor a log that long; what came before is not known.
        case window
    }

    /// Which of the two.
    public let kind: AllowanceKind

    /// The block at which the contract was asked, and the last one whose log was read.
    public let block: UInt64

    /// The first block whose log was read.
    public let firstBlock: UInt64

    /// Why it began there.
    public let start: Start

    /// The records in the order of their first events; those without events last.
    public let records: [AllowanceRecord]

    /// Describes a listing.
    public init(
        kind: AllowanceKind, block: UInt64, firstBlock: UInt64, start: Start, records: [AllowanceRecord]
    ) {
        self.kind = kind
        self.block = block
        self.firstBlock = firstBlock
        self.start = start
        self.records = records
    }

    /// Whether the log was read from the contract's first block on.
    public var isSinceCreation: Bool {
        switch start {
        case .creation, .genesis: true
        case .named, .window: false
        }
    }

    /// Those whose last event says something else than the contract, or that are allowed without an event although the
    /// log was read from its beginning: contract and log do not fit together.
    public var contradictions: [AllowanceRecord] {
        records.filter { record in
            guard let last = record.events.last, let change = kind.change(last.event) else {
                return record.isAllowed && isSinceCreation
            }
            return change.allows != record.isAllowed
        }
    }
}
