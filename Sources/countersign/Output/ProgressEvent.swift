// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What programs read of each step while it happens.
enum ProgressEvent {
    /// A `phase` event when the phase is a new one, else a `step` event.
    static func json(_ event: Event, _ operation: Operation, isNewPhase: Bool) -> JSONObject {
        var object = JSONObject.event(isNewPhase ? "phase" : "step")
        object["operation"] = .string(operation.id.text)
        object["phase"] = .string(operation.phase.rawValue)
        object["at"] = JSON(time: operation.updatedAt)
        object["cause"] = .string(event.name)
        for member in facts(event, operation).members { object[member.key] = member.value }
        return object
    }

    private static func facts(_ event: Event, _ operation: Operation) -> JSONObject {
        var facts = JSONObject()
        switch event {
        case .surveyed(let target, _):
            facts["cvm_id"] = .string(target.cvmID)
        case .prepared(let preparation), .renewed(let preparation):
            facts["compose_hash"] = .string(preparation.composeHash.hex)
            facts["app_id"] = .string(preparation.app.hex)
        case .verified(let verification, let owner, let block),
            .approvalAwaited(let verification, let owner, _, let block),
            .foundRegistered(let verification, let owner, let block):
            facts["verification"] = .string(verification.rawValue)
            facts["owner"] = .string(owner.hex)
            facts["at_block"] = JSON(count: block)
        case .signed(let attempt, _), .replaced(let attempt):
            facts["transaction_hash"] = .string(attempt.hash.hex)
            facts["nonce"] = JSON(count: attempt.nonce)
            facts["gas_limit"] = JSON(count: attempt.gasLimit)
            facts["max_fee_per_gas"] = JSON(wei: attempt.maxFeePerGas)
            facts["max_priority_fee_per_gas"] = JSON(wei: attempt.maxPriorityFeePerGas)
        case .sendIntended(let hash, let endpoint):
            facts["transaction_hash"] = .string(hash.hex)
            facts["endpoint"] = JSON(text: endpoint)
        case .accepted(let hash), .burned(let hash):
            facts["transaction_hash"] = .string(hash.hex)
        case .mined(let inclusion), .confirmed(let inclusion):
            facts["transaction_hash"] = .string(inclusion.hash.hex)
            facts["block_number"] = JSON(count: inclusion.blockNumber)
            facts["block_hash"] = .string(inclusion.blockHash.hex)
        case .reverted(let hash, let failure):
            facts["transaction_hash"] = .string(hash.hex)
            facts["code"] = .string(failure.code.name)
        case .nonceSpent(let hash, let block):
            facts["spent_by"] = .string(hash.hex)
            facts["block_number"] = JSON(count: block)
        case .overtaken(let hash, let other):
            facts["transaction_hash"] = .string(hash.hex)
            facts["overtaken_by"] = .string(other.hex)
        case .approved(let hash, _):
            facts["transaction_hash"] = JSON(hash: hash)
        case .appliedAtOnce(let id), .committed(let id):
            facts["correlation_id"] = JSON(text: id)
        case .returned(let hop, _, _):
            facts["hop"] = JSON(count: UInt64(clamping: hop))
        case .yielded(let id):
            facts["standing"] = .string(id.text)
        case .failed(let failure), .superseded(let failure):
            facts["code"] = .string(failure.code.name)
        case .foundInEffect(let place):
            facts["call"] = JSON(count: UInt64(clamping: place))
        case .termsChanged:
            facts["terms"] = .string(event.detail)
        case .deviceAccepted(let device):
            facts["device_id"] = .string(device.hex)
        case .replicaMade(let replica):
            facts["replica"] = .object(OperationReport.replica(replica, of: operation))
        case .registrationNotRequired:
            facts["verification"] = JSON(text: operation.verification?.rawValue)
        case .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .nothingToChange, .reorganised,
            .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .registrationLost, .running,
            .cancelled, .moved, .tokenNamed:
            break
        }
        return facts
    }
}
