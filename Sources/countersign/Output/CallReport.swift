// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What a write of an app's contract would do, as programs and people read it.
struct CallReport: Sendable {
    let work: ContractWork
    let preview: CallPreview

    /// What stands behind the account that may make the call; `nil` when there is none.
    let kind: AccountKind?

    /// The key's account, if there is a key.
    let signer: Address?

    /// What the operator should know before, a sentence each.
    let warnings: [String]

    /// What the command itself has against it.
    let obstacle: Stop?

    /// What stops the call; an owner that is a contract is told how to make it.
    var obstacles: [Stop] {
        let found = preview.obstacles.map { failure in
            guard failure.code == .ownerMismatch, let kind, !kind.isKey else { return Stop(failure) }
            return Stop(
                failure.code, failure.message + " The owner is \(AccountReport.text(kind)).",
                hint: AccountReport.advice(kind))
        }
        return (obstacle.map { [$0] } ?? []) + found
    }

    /// Prints what would happen; the status tells what would stop it.
    func show(_ console: Console) -> ExitStatus {
        console.event(json)
        console.result(lines(style: console.outputStyle))
        // Without a key everything can be looked at; that it is missing is told, and is no verdict on the call.
        return ExitStatus.worst(of: obstacles.filter { $0.code != .config }.map(\.exitStatus))
    }

    /// The result of `--dry-run` for programs.
    var json: JSONObject {
        var object = JSONObject.event("result")
        object["dry_run"] = true
        object["kind"] = .string(Operation.Kind.contractCall.rawValue)
        for member in ContractReport.head(work).members { object[member.key] = member.value }
        object["function"] = .string(preview.call.function)
        object["calldata"] = .string(Hex.encode(preview.call.calldata))
        object["already_registered"] = .bool(preview.isInEffect)
        object["owner"] = JSON(address: preview.chain.owner)
        object["owner_kind"] = kind.map { .string(AccountReport.kind($0)) } ?? .null
        object["signer"] = JSON(address: signer)
        object["chain"] = .object(PreviewReport.chain(preview.chain))
        object["warnings"] = .array(warnings.map(JSON.string))
        object["obstacles"] = .array(obstacles.map { .object($0.json) })
        return object
    }

    /// The same for people.
    func lines(showsObstacles: Bool = true, style: Style) -> [String] {
        var lines = [ContractReport.headline(work, style: style)]
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        field("call", preview.call.summary)
        field("call data", Hex.encode(preview.call.calldata))
        if preview.isInEffect { field("effect", "is so already, no transaction is needed") }
        lines += PreviewText.chain(preview.chain, ownerKind: kind, signer: signer, style: style)
        for warning in warnings { lines.append("\(style.mark) \(warning)") }
        for stop in obstacles where showsObstacles { lines += StopText.lines(stop, style: style) }
        return lines
    }
}
