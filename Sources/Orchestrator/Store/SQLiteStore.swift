// SPDX-License-Identifier: Apache-2.0

import GRDB

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Operations in a SQLite file: WAL, `synchronous=FULL`, mode 600 in a folder of mode 700.
///
/// Any number of processes may use the same file.
public struct SQLiteStore: OperationStore {
    private let queue: DatabaseQueue
    private let path: String
    private let identity: [StoreFile.Identity?]

    /// Opens the file, or makes it with its folder.
    ///
    /// - Parameter patience: how long a call waits for another process that holds the whole store.
    public init(path: String, patience: Duration = .seconds(30)) throws(StoreError) {
        try StoreFile.prepare(path)
        queue = try Self.perform {
            var configuration = Configuration()
            configuration.busyMode = .timeout(patience / .seconds(1))
            configuration.foreignKeysEnabled = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // Looked at before anything is written: what is not this program's stays as it is.
            try queue.read { database in
                try Migrations.refuseForeign(database)
                try Soundness.refuseDamaged(database)
            }
            try queue.writeWithoutTransaction { database in
                guard try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL") == "wal" else {
                    throw StoreError.inputOutput("\(path) cannot have a write-ahead log")
                }
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            return queue
        }
        try Migrations.apply(to: queue)
        try StoreFile.tighten(path)
        self.path = path
        identity = Self.files(of: path)
    }

    /// Opens a file that exists; `nil` when there is none, so that reading commands leave no trace.
    public static func existing(
        path: String, patience: Duration = .seconds(30)
    ) throws(StoreError) -> SQLiteStore? {
        try StoreFile.exists(path) ? SQLiteStore(path: path, patience: patience) : nil
    }

    /// The database and its write-ahead log, which stay the same files while the database is open.
    private static func files(of path: String) -> [StoreFile.Identity?] {
        [StoreFile.Identity(path), StoreFile.Identity(path + "-wal")]
    }

    /// The value of a pragma, for tests and `doctor`.
    package func pragma(_ name: String) async throws(StoreError) -> String? {
        try await read { try String.fetchOne($0, sql: "PRAGMA \(name)") }
    }

    /// Adds a new operation with the first line of its history.
    public func create(_ operation: Operation, entry: HistoryEntry) async throws(StoreError) -> Operation {
        try await write { database in
            try Rows.refuseSecondUnfinished(operation, in: database)
            try Rows.refuseSecondCall(operation, in: database)
            try Rows.insert(operation, into: database)
            try Rows.append(entry, of: operation.id, to: database)
            return operation
        }
    }

    /// Adds an operation with its history, all or nothing.
    public func create(_ operation: Operation, entries: [HistoryEntry]) async throws(StoreError) -> Operation {
        try await write { database in
            try Rows.refuseSecondUnfinished(operation, in: database)
            try Rows.insert(operation, into: database)
            for entry in entries { try Rows.append(entry, of: operation.id, to: database) }
            return operation
        }
    }

    /// The operation with a name.
    public func operation(_ id: OperationID) async throws(StoreError) -> Operation? {
        try await read { try Rows.operation(id, in: $0) }
    }

    /// All operations, newest first.
    public func operations(unfinishedOnly: Bool) async throws(StoreError) -> [Operation] {
        try await read { try Rows.operations(unfinishedOnly: unfinishedOnly, in: $0) }
    }

    /// Replaces an operation if the stored revision is the one that was read, all or nothing.
    public func commit(_ change: StoreChange) async throws(StoreError) -> Operation {
        try await write { database in
            var next = change.operation
            next.revision += 1
            try Rows.refuseSecondUnfinished(next, in: database)
            try Rows.update(next, in: database)
            for entry in change.ledger { try Rows.change(entry, by: next.id, in: database) }
            try Rows.append(change.entry, of: next.id, to: database)
            return next
        }
    }

    /// Adds to an operation's history.
    public func note(_ entry: HistoryEntry, of id: OperationID) async throws(StoreError) {
        try await write { try Rows.append(entry, of: id, to: $0) }
    }

    /// An operation's history, oldest first.
    public func history(of id: OperationID) async throws(StoreError) -> [HistoryEntry] {
        try await read { try Rows.history(of: id, in: $0) }
    }

    /// The nonces that this store signed for a signer on a chain, lowest first, from one on.
    public func nonces(of lane: Lane, from first: UInt64) async throws(StoreError) -> [SignedNonce] {
        try await read { try Rows.nonces(of: lane, from: first, in: $0) }
    }

    /// Every signed nonce that no block is known to have spent.
    public func openNonces() async throws(StoreError) -> [SignedNonce] {
        try await read { try Rows.openNonces(in: $0) }
    }

    /// Notes that a block at depth has spent a nonce.
    public func markSpent(_ nonce: UInt64, in lane: Lane) async throws(StoreError) {
        try await write { try Rows.spend(nonce, lane, in: $0) }
    }

    /// Reads on the database's own queue, to the end even when the task is cancelled.
    func read<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let outcome = await withCheckedContinuation { (caller: CheckedContinuation<Result<Value, StoreError>, Never>) in
            queue.asyncRead { opened in
                caller.resume(returning: Self.outcome { try body(try opened.get()) })
            }
        }
        return try outcome.get()
    }

    /// Writes on the database's own queue, to the end even when the task is cancelled: an effect that has happened must
    /// be stored.
    func write<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let outcome = await withCheckedContinuation { (caller: CheckedContinuation<Result<Value, StoreError>, Never>) in
            queue.asyncWriteWithoutTransaction { database in
                caller.resume(
                    returning: Self.outcome {
                        var value: Value?
                        // IMMEDIATE: the lock is taken before anything is read, so no write waits on a stale snapshot.
                        try database.inTransaction(.immediate) {
                            value = try body(database)
                            return .commit
                        }
                        guard let value else { throw StoreError.corrupt("a transaction ended without a value") }
                        try refuseDisplaced(database)
                        return value
                    })
            }
        }
        return try outcome.get()
    }

    /// After a commit: whether what was written is in the files of that name.
    ///
    /// A deleted file is written to as if nothing had happened, so what this connection knows is copied to a file beside
    /// it, and no effect follows the commit.
    private func refuseDisplaced(_ database: Database) throws {
        guard Self.files(of: path) != identity else { return }
        let copy = path + ".rescued-" + String(getpid())
        guard StoreFile.makeNew(copy) else { throw StoreError.displaced(path: path, rescued: nil) }
        do {
            try database.execute(sql: "VACUUM INTO ?", arguments: [copy])
        } catch {
            throw StoreError.displaced(path: path, rescued: nil)
        }
        throw StoreError.displaced(path: path, rescued: copy)
    }

    private static func outcome<Value>(_ body: () throws -> Value) -> Result<Value, StoreError> {
        do {
            return .success(try body())
        } catch {
            return .failure(translated(error))
        }
    }

    private static func perform<Value>(_ body: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try body()
        } catch {
            throw translated(error)
        }
    }

    static func translated(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB || error.resultCode == .SQLITE_CORRUPT:
            .corrupt(error.message ?? "it is no database")
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY: .busy
        case let error as DatabaseError: .inputOutput(error.message ?? "SQLite code \(error.resultCode.rawValue)")
        default: .inputOutput("\(type(of: error))")
        }
    }
}
