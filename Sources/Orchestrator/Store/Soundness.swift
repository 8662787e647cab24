// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Whether the pages of a store's file belong together.
enum Soundness {
    /// The greatest size, in bytes, of a file that is read as a whole whenever it is opened.
    ///
    /// The check takes about 1 ms for each 100 operations, so up to 10 ms; a larger file is checked by `doctor`, and by
    /// SQLite page by page as it is read.
    static let sizeAtOpening = 8 * 1024 * 1024

    /// Refuses a file with damaged pages, or with an index that does not fit its table, before anything relies on it.
    static func refuseDamaged(_ database: Database) throws {
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let size = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0
        let (bytes, isHuge) = pages.multipliedReportingOverflow(by: size)
        guard !isHuge, bytes <= sizeAtOpening else { return }
        try check(database)
    }

    /// Reads every page.
    static func check(_ database: Database) throws {
        let found = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)") ?? "no answer"
        guard found == "ok" else { throw StoreError.corrupt("its pages do not belong together: \(found)") }
    }
}

extension SQLiteStore {
    /// Reads every page of the file, whatever its size.
    ///
    /// - Throws: ``StoreError/corrupt(_:)`` with the first damage.
    package func checkSoundness() async throws(StoreError) {
        try await read(Soundness.check)
    }
}
