// SPDX-License-Identifier: Apache-2.0

import EthTx
import GRDB

extension SQLiteStore: KmsPinStore {
    /// The pin of a KMS.
    public func kmsPin(apiURL: String, kmsID: String) async throws(StoreError) -> KmsPin? {
        try await read { try Self.pin(apiURL, kmsID, in: $0) }
    }

    /// Keeps a pin unless there is one that it must not replace.
    public func keep(_ pin: KmsPin) async throws(StoreError) -> KmsPin {
        try await write { database in
            if let older = try Self.pin(pin.apiURL, pin.kmsID, in: database), !pin.mayReplace(older) { return older }
            var contract: String?
            var chainID: String?
            if case .contract(let address, let chain) = pin.source {
                (contract, chainID) = (address.hex, String(chain))
            }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO kms_pins (api_url, kms_id, signer, chain_id, contract, pinned_at)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    pin.apiURL, pin.kmsID, Hex.encode(pin.signer.compressed), chainID, contract, pin.at.milliseconds,
                ])
            return pin
        }
    }

    /// Forgets the pin of a KMS.
    public func forget(apiURL: String, kmsID: String) async throws(StoreError) -> Bool {
        try await write { database in
            try database.execute(
                sql: "DELETE FROM kms_pins WHERE api_url = ? AND kms_id = ?", arguments: [apiURL, kmsID])
            return database.changesCount > 0
        }
    }

    private static func pin(_ apiURL: String, _ kmsID: String, in database: Database) throws -> KmsPin? {
        let found = try Row.fetchOne(
            database, sql: "SELECT * FROM kms_pins WHERE api_url = ? AND kms_id = ?", arguments: [apiURL, kmsID])
        guard let row = found else { return nil }
        let text: String = try row.value("signer")
        guard let signer = PublicKey(bytes: try Hex.decode(text)) else {
            throw StoreError.corrupt("a pin of a KMS names no key")
        }
        return KmsPin(
            apiURL: apiURL, kmsID: kmsID, signer: signer, source: try source(row),
            at: Timestamp(milliseconds: try row.value("pinned_at")))
    }

    private static func source(_ row: Row) throws -> KmsPin.Source {
        guard let chain: String = row["chain_id"], let contract: String = row["contract"] else { return .named }
        guard let chainID = UInt64(chain), let address = Address(anyCase: contract) else {
            throw StoreError.corrupt("a pin of a KMS names no contract")
        }
        return .contract(address, chainID: chainID)
    }
}
