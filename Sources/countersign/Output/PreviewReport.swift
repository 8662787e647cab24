// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON

/// What an update would do, as programs read it.
enum PreviewReport {
    /// The result of `update --dry-run`.
    static func result(_ preview: Preview, _ intent: Intent) -> JSONObject {
        var object = JSONObject.event("result")
        object["dry_run"] = true
        object["kind"] = .string(intent.change.kind.rawValue)
        object["cvm"] = .string(intent.cvm)
        object["cvm_id"] = .string(preview.target.cvmID)
        object["app_id"] = JSON(address: preview.target.app)
        object["chain_id"] = JSON(count: preview.target.chainID)
        object["fields"] = .array(intent.change.fieldNames.map(JSON.string))
        object["changes"] = .array(preview.changes.map(JSON.string))
        object["base_hash"] = JSON(hash: preview.target.baseHash)
        object["compose_hash"] = JSON(hash: preview.composeHash)
        object["needs_registration"] = .bool(preview.needsRegistration)
        object["signer"] = JSON(address: intent.signer)
        object["chain"] = preview.chain.map { .object(chain($0)) } ?? .null
        object["obstacles"] = .array(preview.obstacles.map { .object(Stop($0).json) })
        return object
    }

    /// The chain's side.
    static func chain(_ side: Preview.ChainSide) -> JSONObject {
        var object = JSONObject()
        object["owner"] = JSON(address: side.owner)
        object["is_allowed"] = .bool(side.isAllowed)
        object["balance"] = JSON(wei: side.balance)
        object["base_fee_per_gas"] = JSON(wei: side.baseFeePerGas)
        object["max_fee_per_gas"] = JSON(wei: side.maxFeePerGas)
        object["max_priority_fee_per_gas"] = JSON(wei: side.maxPriorityFeePerGas)
        object["gas_limit"] = JSON(count: side.gasLimit)
        object["l1_fee"] = JSON(wei: side.l1Fee)
        object["greatest_cost"] = JSON(wei: side.greatestCost)
        return object
    }
}
