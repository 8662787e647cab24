// SPDX-License-Identifier: Apache-2.0

import StrictJSON

extension SafeProposal {
    /// What a file says, before anything of it is believed.
    struct Stated {
        let object: JSONObject
        let format: String
        let formatVersion: Int64
        let version: SafeVersion
        let threshold: UInt64
        let owners: [Address]
        let proposedAtBlock: UInt64
        let operation: String?
        let transaction: SafeTransaction
        let hash: Bytes32
        let calls: [JSON]
        let signatures: [(owner: Address, signature: [UInt8])]
        let checksum: Bytes32

        init(_ root: JSONCursor) throws(JSONShapeError) {
            object = try root.object()
            format = try root["format"].string()
            formatVersion = try root["version"].integer()
            guard let version = SafeVersion(try root["safe_version"].string()) else {
                throw root["safe_version"].mismatch("version such as 1.4.1")
            }
            self.version = version
            threshold = try root["threshold"].integer()
            var owners: [Address] = []
            for owner in try root["owners"].array() { owners.append(try Self.address(owner)) }
            self.owners = owners
            proposedAtBlock = try root["proposed_at_block"].integer()
            operation = try root["operation"].optional { at throws(JSONShapeError) in try at.string() }
            transaction = try Self.transaction(root)
            hash = try Self.bytes32(root["safe_tx_hash"])
            calls = try root["calls"].array().compactMap(\.value)
            var signatures: [(owner: Address, signature: [UInt8])] = []
            for row in try root["signatures"].array() {
                signatures.append((try Self.address(row["owner"]), try Self.bytes(row["signature"])))
            }
            self.signatures = signatures
            checksum = try Self.bytes32(root["checksum"])
        }

        private static func transaction(_ root: JSONCursor) throws(JSONShapeError) -> SafeTransaction {
            let row = root["transaction"]
            let code: UInt8 = try row["operation"].integer()
            guard let operation = SafeTransaction.Operation(rawValue: code) else {
                throw row["operation"].mismatch("0 or 1")
            }
            let chainID: UInt64 = try root["chain_id"].integer()
            return SafeTransaction(
                chainID: UInt256(chainID), safe: try address(root["safe"]), to: try address(row["to"]),
                value: try number(row["value"]), data: try bytes(row["data"]), operation: operation,
                safeTxGas: try number(row["safe_tx_gas"]), baseGas: try number(row["base_gas"]),
                gasPrice: try number(row["gas_price"]), gasToken: try address(row["gas_token"]),
                refundReceiver: try address(row["refund_receiver"]), nonce: try number(row["nonce"]))
        }

        private static func number(_ cursor: JSONCursor) throws(JSONShapeError) -> UInt256 {
            guard let value = UInt256(decimal: try cursor.string()) else { throw cursor.mismatch("decimal number") }
            return value
        }

        private static func address(_ cursor: JSONCursor) throws(JSONShapeError) -> Address {
            let text = try cursor.string()
            do { return try Address(hex: text) } catch { throw cursor.mismatch("address") }
        }

        private static func bytes(_ cursor: JSONCursor) throws(JSONShapeError) -> [UInt8] {
            let text = try cursor.string()
            do { return try Hex.decode(text) } catch { throw cursor.mismatch("bytes of hex") }
        }

        private static func bytes32(_ cursor: JSONCursor) throws(JSONShapeError) -> Bytes32 {
            guard let value = Bytes32(bytes: try bytes(cursor)) else { throw cursor.mismatch("32 bytes of hex") }
            return value
        }
    }
}
