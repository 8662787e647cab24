// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

/// An operation as programs read it.
enum OperationReport {
    /// The result of a command that worked on the operation.
    ///
    /// - Parameter hidesToken: whether the commit token is left out.
    static func result(_ operation: Operation, hidesToken: Bool = false) -> JSONObject {
        var object = JSONObject.event("result")
        for member in summary(operation).members { object[member.key] = member.value }
        if operation.phase == .awaitingApproval, let preparation = operation.preparation {
            for member in ApprovalReport.members(operation, preparation).members
            where !hidesToken || !ApprovalReport.tokenMembers.contains(member.key) {
                object[member.key] = member.value
            }
        }
        return object
    }

    /// The members that every report of an operation has.
    static func summary(_ operation: Operation) -> JSONObject {
        var object = JSONObject()
        object["operation"] = .string(operation.id.text)
        object["kind"] = .string(operation.kind.rawValue)
        object["phase"] = .string(operation.phase.rawValue)
        object["cvm_id"] = JSON(text: operation.target?.cvmID)
        object["app_id"] = JSON(address: operation.app)
        object["chain_id"] = JSON(count: operation.chainID)
        object["compose_hash"] = JSON(hash: operation.preparation?.composeHash)
        object["verification"] = JSON(text: operation.verification?.rawValue)
        object["transaction"] = transaction(operation)
        object["already_registered"] = .bool(operation.alreadyRegistered)
        object["correlation_id"] = JSON(text: operation.correlationID)
        if operation.kind == .replica {
            object["replica"] = operation.replica.map { .object(replica($0, of: operation)) } ?? .null
        }
        if operation.kind == .contractCall || operation.kind == .replica {
            object["calls"] = .array(operation.calls.map { .object(call($0)) })
        }
        return object
    }

    /// The machine that was made.
    static func replica(_ replica: Replica, of operation: Operation) -> JSONObject {
        var object = JSONObject()
        object["cvm_id"] = JSON(text: replica.cvmID)
        object["vm_uuid"] = JSON(text: replica.vmUUID)
        object["name"] = JSON(text: replica.name)
        object["node_id"] = JSON(count: replica.nodeID.flatMap(UInt64.init(exactly:)))
        object["device_id"] = JSON(text: operation.preparation?.device?.hex)
        return object
    }

    /// A call of the plan and what became of it.
    private static func call(_ planned: PlannedCall) -> JSONObject {
        var object = JSONObject()
        object["contract"] = .string(planned.call.contract.hex)
        object["function"] = .string(planned.call.function)
        object["calldata"] = .string(Hex.encode(planned.call.calldata))
        object["transaction"] = transaction(planned)
        object["already_registered"] = .bool(planned.alreadyRegistered)
        return object
    }

    /// All about the operation but its commit token and the contents of the change.
    static func details(_ operation: Operation) -> JSONObject {
        var object = summary(operation)
        let intent = operation.intent
        object["cvm"] = .string(intent.cvm)
        object["api_url"] = .string(origin(intent.apiURL))
        object["fields"] = .array(intent.change.fieldNames.map(JSON.string))
        object["mode"] = .string(intent.mode.rawValue)
        object["goal"] = .string(intent.goal.rawValue)
        object["is_finished"] = .bool(operation.isFinished)
        object["created_at"] = JSON(time: operation.createdAt)
        object["updated_at"] = JSON(time: operation.updatedAt)
        object["base_hash"] = JSON(hash: operation.target?.baseHash)
        object["owner"] = JSON(address: operation.owner)
        object["owner_kind"] = JSON(text: operation.ownerKind.map(AccountReport.kind))
        object["hop"] = JSON(count: UInt64(clamping: operation.hop))
        object["signer"] = JSON(address: operation.registrations.first?.signer ?? intent.signer)
        object["changes"] = .array((operation.expectation?.changes ?? []).map(JSON.string))
        object["attempts"] = .array(operation.attempts.map { .object(attempt($0)) })
        object["failure"] = operation.failure.map { .object(failure($0)) } ?? .null
        return object
    }

    /// One line of history.
    static func history(_ entry: HistoryEntry) -> JSON {
        [
            "at": JSON(time: entry.at), "phase": .string(entry.phase.rawValue), "event": .string(entry.event),
            "detail": .string(entry.detail),
        ]
    }

    /// Where a URL leads, without its path and query, which may hold a secret.
    private static func origin(_ url: String) -> String {
        do { return try EndpointURL(url).origin } catch { return "" }
    }

    /// The transaction of the last call that has one.
    private static func transaction(_ operation: Operation) -> JSON {
        operation.calls.map(transaction).last { $0 != .null } ?? .null
    }

    private static func transaction(_ planned: PlannedCall) -> JSON {
        let inclusion = planned.inclusion
        let latest = planned.registration?.latest
        guard let hash = inclusion?.hash ?? latest?.hash ?? planned.foreignTransaction else { return .null }
        let attempt = planned.registration?.attempts.first { $0.hash == hash }
        var object = JSONObject()
        object["hash"] = .string(hash.hex)
        object["nonce"] = JSON(count: attempt?.nonce)
        object["block_number"] = JSON(count: inclusion?.blockNumber)
        object["block_hash"] = JSON(hash: inclusion?.blockHash)
        object["gas_used"] = JSON(count: inclusion?.gasUsed)
        object["effective_gas_price"] = JSON(wei: inclusion?.effectiveGasPrice)
        object["attempts"] = JSON(count: UInt64(planned.registration?.attempts.count ?? 0))
        return .object(object)
    }

    private static func attempt(_ attempt: Attempt) -> JSONObject {
        var object = JSONObject()
        object["hash"] = .string(attempt.hash.hex)
        object["purpose"] = .string(attempt.purpose.rawValue)
        object["nonce"] = JSON(count: attempt.nonce)
        object["gas_limit"] = JSON(count: attempt.gasLimit)
        object["max_fee_per_gas"] = JSON(wei: attempt.maxFeePerGas)
        object["max_priority_fee_per_gas"] = JSON(wei: attempt.maxPriorityFeePerGas)
        object["l1_fee"] = JSON(wei: attempt.l1Fee)
        object["signed_at"] = JSON(time: attempt.signedAt)
        object["sending_at"] = JSON(time: attempt.sendingAt)
        object["endpoint"] = JSON(text: attempt.endpoint)
        object["outcome"] = JSON(text: attempt.outcome?.rawValue)
        return object
    }

    private static func failure(_ failure: Failure) -> JSONObject {
        var object = JSONObject()
        object["code"] = .string(failure.code.name)
        object["message"] = .string(failure.message)
        object["hint"] = .string(failure.hint)
        return object
    }
}
