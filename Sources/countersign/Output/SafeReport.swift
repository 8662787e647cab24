// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// A Safe's transaction as programs read it.
enum SafeReport {
    /// The result of a command on it.
    static func result(_ proposal: SafeProposal) -> JSONObject {
        var object = JSONObject.event("result")
        object["safe_tx_hash"] = .string(proposal.hash.hex)
        object["chain_id"] = JSON(count: proposal.chainID)
        object["safe"] = .string(proposal.transaction.safe.hex)
        object["safe_version"] = .string("\(proposal.version)")
        object["nonce"] = .string(proposal.transaction.nonce.decimal)
        object["to"] = .string(proposal.transaction.to.hex)
        object["data"] = .string(Hex.encode(proposal.transaction.data))
        object["safe_operation"] = .number(JSONNumber(proposal.transaction.operation.rawValue))
        object["calls"] = .array(proposal.calls.map(\.json))
        object["approved_operation"] = JSON(text: proposal.operation)
        object["threshold"] = JSON(count: proposal.threshold)
        object["owners"] = .array(proposal.owners.map { .string($0.hex) })
        object["signed_by"] = .array(proposal.signatures.map { .string($0.owner.hex) })
        object["is_complete"] = .bool(proposal.isComplete)
        return object
    }
}
