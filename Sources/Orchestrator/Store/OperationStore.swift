// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Where operations live between processes.
///
/// Each call is one database transaction that is durable when it returns.
public protocol OperationStore: Sendable {
    /// Adds a new operation.
    ///
    /// - Throws: ``StoreError/unfinishedOperation(_:)`` when one of the same CVM, or of the same call of a contract, is
    ///   unfinished.
    func create(_ operation: Operation, entry: HistoryEntry) async throws(StoreError) -> Operation

    /// Adds an operation that has a history already.
    ///
    /// - Throws: like ``create(_:entry:)``.
    func create(_ operation: Operation, entries: [HistoryEntry]) async throws(StoreError) -> Operation

    /// The operation with a name.
    func operation(_ id: OperationID) async throws(StoreError) -> Operation?

    /// All operations, newest first.
    func operations(unfinishedOnly: Bool) async throws(StoreError) -> [Operation]

    /// Replaces an operation, adds to its history and changes the ledger of nonces, all or nothing.
    ///
    /// - Returns: the operation with its new revision.
    /// - Throws: ``StoreError/staleRevision`` when another process has written it, ``StoreError/nonceTaken(_:)`` when
    ///   another registration holds the nonce, ``StoreError/nonceNeeded(_:)`` when a release would leave a gap.
    func commit(_ change: StoreChange) async throws(StoreError) -> Operation

    /// Adds to an operation's history without changing the operation.
    func note(_ entry: HistoryEntry, of id: OperationID) async throws(StoreError)

    /// An operation's history, oldest first.
    func history(of id: OperationID) async throws(StoreError) -> [HistoryEntry]

    /// The nonces that this store signed for a signer on a chain, lowest first, from one on.
    func nonces(of lane: Lane, from first: UInt64) async throws(StoreError) -> [SignedNonce]

    /// Every signed nonce that no block is known to have spent.
    func openNonces() async throws(StoreError) -> [SignedNonce]

    /// Notes that a block at depth has spent a nonce, whatever became of its operation.
    func markSpent(_ nonce: UInt64, in lane: Lane) async throws(StoreError)
}

extension OperationStore {
    /// Adds an operation with the newest line of its history; a store can keep them all.
    public func create(_ operation: Operation, entries: [HistoryEntry]) async throws(StoreError) -> Operation {
        let newest =
            entries.last ?? HistoryEntry(at: operation.updatedAt, phase: operation.phase, event: "imported")
        return try await create(operation, entry: newest)
    }
}

/// One signer on one chain: nonces of a lane are handed out by one counter.
public struct Lane: Sendable, Hashable {
    /// The chain.
    public let chainID: UInt64

    /// The signer.
    public let signer: Address

    /// Names a lane.
    public init(chainID: UInt64, signer: Address) {
        self.chainID = chainID
        self.signer = signer
    }
}

/// A nonce that this store signed.
public struct SignedNonce: Sendable, Hashable {
    /// Chain and signer.
    public let lane: Lane

    /// The nonce.
    public let nonce: UInt64

    /// The operation that holds it.
    public let operation: OperationID

    /// Whether a block at depth is known to have spent it.
    public let isSpent: Bool

    /// Describes a nonce.
    public init(lane: Lane, nonce: UInt64, operation: OperationID, isSpent: Bool) {
        self.lane = lane
        self.nonce = nonce
        self.operation = operation
        self.isSpent = isSpent
    }
}

/// One write: the operation's next state and what belongs to it.
public struct StoreChange: Sendable {
    /// What happens to the ledger of nonces in the same transaction.
    public enum LedgerChange: Sendable, Hashable {
        /// The operation takes a nonce that nobody holds, while all from another one on are held below it.
        case take(UInt64, Lane, from: UInt64)
        /// The nonce was never sent; the next operation may use it.
        case release(UInt64, Lane)
        /// A block at depth has spent the nonce.
        case spend(UInt64, Lane)
    }

    /// The next state, carrying the revision that was read.
    public let operation: Operation

    /// A line of history.
    public let entry: HistoryEntry

    /// Changes of the ledger.
    public let ledger: [LedgerChange]

    /// Describes a write.
    public init(operation: Operation, entry: HistoryEntry, ledger: [LedgerChange] = []) {
        self.operation = operation
        self.entry = entry
        self.ledger = ledger
    }
}

/// One line of an operation's history.
public struct HistoryEntry: Sendable, Hashable {
    /// When.
    public let at: Timestamp

    /// The phase after it.
    public let phase: Phase

    /// The event's name, or `stopped`.
    public let event: String

    /// More, for people; no secrets.
    public let detail: String

    /// Describes a line.
    public init(at: Timestamp, phase: Phase, event: String, detail: String = "") {
        self.at = at
        self.phase = phase
        self.event = event
        self.detail = detail
    }
}
