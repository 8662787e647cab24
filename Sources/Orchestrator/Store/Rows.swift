// SPDX-License-Identifier: Apache-2.0

import EthTx
import GRDB
import StrictJSON

/// The SQL of the store: one function for each thing it does to a table.
enum Rows {
    static func insert(_ operation: Operation, into database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO operations
                    (id, revision, kind, phase, is_finished, api_url, cvm_id, created_at, updated_at, payload)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                operation.id.text, operation.revision, operation.kind.rawValue, operation.phase.rawValue,
                operation.isFinished, operation.intent.apiURL, operation.target?.cvmID,
                operation.createdAt.milliseconds, operation.updatedAt.milliseconds, operation.json.text,
            ])
    }

    /// Writes the next state if the stored revision is the one before it.
    static func update(_ operation: Operation, in database: Database) throws {
        try database.execute(
            sql: """
                UPDATE operations
                SET revision = ?, phase = ?, is_finished = ?, cvm_id = ?, updated_at = ?, payload = ?
                WHERE id = ? AND revision = ?
                """,
            arguments: [
                operation.revision, operation.phase.rawValue, operation.isFinished, operation.target?.cvmID,
                operation.updatedAt.milliseconds, operation.json.text, operation.id.text, operation.revision - 1,
            ])
        guard database.changesCount == 1 else {
            let exists = try operationExists(operation.id, in: database)
            throw exists ? StoreError.staleRevision : StoreError.noSuchOperation
        }
    }

    /// An unfinished operation holds its CVM.
    static func refuseSecondUnfinished(_ operation: Operation, in database: Database) throws {
        guard let cvmID = operation.target?.cvmID, !operation.isFinished else { return }
        let other = try String.fetchOne(
            database,
            sql: "SELECT id FROM operations WHERE api_url = ? AND cvm_id = ? AND is_finished = 0 AND id <> ?",
            arguments: [operation.intent.apiURL, cvmID, operation.id.text])
        guard let other else { return }
        guard let id = OperationID(other) else { throw StoreError.corrupt("an operation is named '\(other)'") }
        throw StoreError.unfinishedOperation(id)
    }

    /// A call of a contract is the matter of one unfinished operation.
    static func refuseSecondCall(_ operation: Operation, in database: Database) throws {
        guard operation.kind == .contractCall else { return }
        let twin = try operations(unfinishedOnly: true, in: database).first {
            $0.intent.asksTheSame(as: operation.intent)
        }
        if let twin { throw StoreError.unfinishedOperation(twin.id) }
    }

    static func operation(_ id: OperationID, in database: Database) throws -> Operation? {
        let row = try Row.fetchOne(
            database, sql: "SELECT id, revision, payload FROM operations WHERE id = ?", arguments: [id.text])
        return try row.map(decoded)
    }

    static func operations(unfinishedOnly: Bool, in database: Database) throws -> [Operation] {
        let filter = unfinishedOnly ? "WHERE is_finished = 0" : ""
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, revision, payload FROM operations \(filter) ORDER BY created_at DESC, rowid DESC")
        return try rows.map(decoded)
    }

    static func append(_ entry: HistoryEntry, of id: OperationID, to database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO history (operation_id, sequence, at, phase, event, detail)
                SELECT ?, coalesce(max(sequence), 0) + 1, ?, ?, ?, ? FROM history WHERE operation_id = ?
                """,
            arguments: [
                id.text, entry.at.milliseconds, entry.phase.rawValue, entry.event, entry.detail, id.text,
            ])
    }

    static func history(of id: OperationID, in database: Database) throws -> [HistoryEntry] {
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT at, phase, event, detail FROM history WHERE operation_id = ? ORDER BY sequence",
            arguments: [id.text])
        return try rows.map { row in
            let name: String = try row.value("phase")
            guard let phase = Phase(rawValue: name) else { throw StoreError.corrupt("unknown phase '\(name)'") }
            return HistoryEntry(
                at: Timestamp(milliseconds: try row.value("at")), phase: phase,
                event: try row.value("event"), detail: try row.value("detail"))
        }
    }

    static func change(_ change: StoreChange.LedgerChange, by id: OperationID, in database: Database) throws {
        switch change {
        case .take(let nonce, let lane, let first):
            let held = try UInt64.fetchAll(
                database,
                sql:
                    "SELECT nonce FROM nonces WHERE chain_id = ? AND signer = ? AND nonce BETWEEN ? AND ? ORDER BY nonce",
                arguments: [String(lane.chainID), lane.signer.hex, try column(first), try column(nonce)])
            // Held below it, and free itself: somebody may have given one of them up meanwhile.
            guard first <= nonce, held.elementsEqual(first..<nonce) else { throw StoreError.nonceTaken(nonce) }
            try database.execute(
                sql: "INSERT INTO nonces (chain_id, signer, nonce, operation_id, is_spent) VALUES (?, ?, ?, ?, 0)",
                arguments: [String(lane.chainID), lane.signer.hex, try column(nonce), id.text])
        case .release(let nonce, let lane):
            let isNeeded = try Bool.fetchOne(
                database,
                sql: "SELECT 1 FROM nonces WHERE chain_id = ? AND signer = ? AND nonce > ? AND is_spent = 0 LIMIT 1",
                arguments: [String(lane.chainID), lane.signer.hex, try column(nonce)])
            // A gap would keep every later nonce from being mined.
            guard isNeeded != true else { throw StoreError.nonceNeeded(nonce) }
            try database.execute(
                sql: "DELETE FROM nonces WHERE chain_id = ? AND signer = ? AND nonce = ? AND operation_id = ?",
                arguments: [String(lane.chainID), lane.signer.hex, try column(nonce), id.text])
        case .spend(let nonce, let lane):
            try spend(nonce, lane, in: database)
        }
    }

    static func spend(_ nonce: UInt64, _ lane: Lane, in database: Database) throws {
        try database.execute(
            sql: "UPDATE nonces SET is_spent = 1 WHERE chain_id = ? AND signer = ? AND nonce = ?",
            arguments: [String(lane.chainID), lane.signer.hex, try column(nonce)])
    }

    static func nonces(of lane: Lane, from first: UInt64, in database: Database) throws -> [SignedNonce] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM nonces WHERE chain_id = ? AND signer = ? AND nonce >= ? ORDER BY nonce",
            arguments: [String(lane.chainID), lane.signer.hex, Int64(clamping: first)])
        return try rows.map(signedNonce)
    }

    static func openNonces(in database: Database) throws -> [SignedNonce] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT * FROM nonces WHERE is_spent = 0 ORDER BY chain_id, signer, nonce")
        return try rows.map(signedNonce)
    }

    private static func signedNonce(_ row: Row) throws -> SignedNonce {
        let (chain, signer, holder): (String, String, String) = (
            try row.value("chain_id"), try row.value("signer"),
            try row.value("operation_id")
        )
        guard let chainID = UInt64(chain), let nonce = UInt64(exactly: try row.value("nonce", as: Int64.self)),
            let id = OperationID(holder)
        else { throw StoreError.corrupt("a row of the nonces makes no sense") }
        guard let address = Address(anyCase: signer) else {
            throw StoreError.corrupt("a row of the nonces names no address")
        }
        return SignedNonce(
            lane: Lane(chainID: chainID, signer: address), nonce: nonce, operation: id,
            isSpent: try row.value("is_spent"))
    }

    private static func operationExists(_ id: OperationID, in database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT 1 FROM operations WHERE id = ?", arguments: [id.text]) ?? false
    }

    private static func decoded(_ row: Row) throws -> Operation {
        let text: String = try row.value("payload")
        let name: String = try row.value("id")
        do {
            let operation = try Operation(json: JSON(parsing: text), revision: try row.value("revision"))
            guard operation.id.text == name else {
                throw StoreError.corrupt("operation \(name) says that it is \(operation.id)")
            }
            return operation
        } catch let error as JSONShapeError {
            throw StoreError.corrupt("operation \(name): \(error)")
        } catch is JSONParseError {
            throw StoreError.corrupt("operation \(name) is no JSON")
        }
    }

    /// SQLite's integers are signed.
    private static func column(_ nonce: UInt64) throws -> Int64 {
        guard let value = Int64(exactly: nonce) else { throw StoreError.corrupt("nonce \(nonce) is out of range") }
        return value
    }
}

extension Row {
    /// A column's value, checked: a damaged file must not end the program.
    func value<Value: DatabaseValueConvertible>(
        _ column: String, as type: Value.Type = Value.self
    ) throws -> Value {
        let stored: DatabaseValue = self[column]
        guard let value = Value.fromDatabaseValue(stored) else {
            throw StoreError.corrupt("column \(column) holds something else than expected")
        }
        return value
    }
}
