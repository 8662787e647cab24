// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The schema, step by step.
///
/// A step that has shipped never changes.
enum Migrations {
    /// "csgn": tells this program's files from other SQLite files.
    static let applicationID: Int32 = 0x6373_676e

    /// The schema that this program writes.
    static let version: Int32 = 2

    static func apply(to queue: DatabaseQueue) throws(StoreError) {
        do {
            // A file that is up to date is only read, so that nobody waits here for a process that is writing.
            if try queue.read(found) == version { return }
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try migrate(database)
                    return .commit
                }
            }
        } catch {
            throw SQLiteStore.translated(error)
        }
    }

    /// Refuses a file that this program has not made, is of a newer version, or has tables that cannot be read.
    static func refuseForeign(_ database: Database) throws {
        guard try found(in: database) == version else { return }
        for table in ["operations", "history", "nonces", "kms_pins"] {
            _ = try Row.fetchOne(database, sql: "SELECT * FROM \(table) LIMIT 1")
        }
    }

    /// The version of a file; 0 for a new one.
    private static func found(in database: Database) throws -> Int32 {
        let owner = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let found = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        let isNew = owner == 0 && found == 0 && tables == 0
        guard isNew || owner == applicationID else { throw StoreError.corrupt("it is another program's database") }
        guard isNew || (1...version).contains(found) else {
            throw StoreError.unknownSchema(found: String(found), supported: String(version))
        }
        return found
    }

    private static func migrate(_ database: Database) throws {
        let found = try found(in: database)
        guard found < version else { return }
        if found < 1 {
            try createVersion1(database)
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        }
        if found < 2 { try addVersion2(database) }
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    /// Who signs for a KMS.
    private static func addVersion2(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE kms_pins (
                    api_url TEXT NOT NULL,
                    kms_id TEXT NOT NULL,
                    signer TEXT NOT NULL,
                    chain_id TEXT,
                    contract TEXT,
                    pinned_at INTEGER NOT NULL,
                    PRIMARY KEY (api_url, kms_id),
                    CHECK ((chain_id IS NULL) = (contract IS NULL))
                ) STRICT, WITHOUT ROWID;
                """)
    }

    private static func createVersion1(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE operations (
                    id TEXT NOT NULL PRIMARY KEY,
                    revision INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    phase TEXT NOT NULL,
                    is_finished INTEGER NOT NULL CHECK (is_finished IN (0, 1)),
                    api_url TEXT NOT NULL,
                    cvm_id TEXT,
                    created_at INTEGER NOT NULL,
                    updated_at INTEGER NOT NULL,
                    payload TEXT NOT NULL
                ) STRICT;
                CREATE UNIQUE INDEX one_unfinished_operation_a_cvm ON operations (api_url, cvm_id)
                    WHERE is_finished = 0 AND cvm_id IS NOT NULL;
                CREATE INDEX unfinished_operations ON operations (created_at) WHERE is_finished = 0;
                CREATE TABLE history (
                    operation_id TEXT NOT NULL REFERENCES operations (id),
                    sequence INTEGER NOT NULL,
                    at INTEGER NOT NULL,
                    phase TEXT NOT NULL,
                    event TEXT NOT NULL,
                    detail TEXT NOT NULL,
                    PRIMARY KEY (operation_id, sequence)
                ) STRICT, WITHOUT ROWID;
                CREATE TABLE nonces (
                    chain_id TEXT NOT NULL,
                    signer TEXT NOT NULL,
                    nonce INTEGER NOT NULL,
                    operation_id TEXT NOT NULL REFERENCES operations (id),
                    is_spent INTEGER NOT NULL CHECK (is_spent IN (0, 1)),
                    PRIMARY KEY (chain_id, signer, nonce)
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
