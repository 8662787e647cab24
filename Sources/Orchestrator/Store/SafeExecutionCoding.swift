// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// A Safe's transaction in the store; what it does is read from its call data.
extension SafeExecution {
    var json: JSON {
        [
            "kind": "safe", "chain_id": .string(transaction.chainID.decimal), "safe": .string(transaction.safe.hex),
            "to": .string(transaction.to.hex), "data": .string(Hex.encode(transaction.data)),
            "operation": .number(JSONNumber(transaction.operation.rawValue)),
            "nonce": .string(transaction.nonce.decimal), "signatures": .string(Hex.encode(signatures)),
        ]
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        let code: UInt8 = try cursor["operation"].integer()
        guard let operation = SafeTransaction.Operation(rawValue: code) else {
            throw cursor["operation"].mismatch("0 or 1")
        }
        let transaction = SafeTransaction(
            chainID: try cursor["chain_id"].wei(), safe: try cursor["safe"].address(), to: try cursor["to"].address(),
            data: try cursor["data"].bytes(), operation: operation, nonce: try cursor["nonce"].wei())
        let signatures = try cursor["signatures"].bytes()
        do { try self.init(transaction: transaction, signatures: signatures) } catch {
            throw cursor["data"].mismatch("known calls")
        }
    }
}
