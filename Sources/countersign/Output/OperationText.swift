// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// An operation as people read it.
enum OperationText {
    static let labelWidth = 14

    /// The result of a command that worked on the operation.
    ///
    /// - Parameter hidesToken: whether the commit token is left out.
    static func result(_ operation: Operation, hidesToken: Bool = false, style: Style) -> [String] {
        var lines = [headline(operation, style: style)]
        lines += facts(operation, style: style)
        if operation.phase == .awaitingApproval, let preparation = operation.preparation {
            lines += ApprovalText.lines(operation, preparation, hidesToken: hidesToken, style: style)
        }
        return lines
    }

    /// A field of a report, its name in a column of its own.
    static func field(_ name: String, _ value: String, width: Int = labelWidth, style: Style) -> String {
        let padding = String(repeating: " ", count: max(1, width - name.count))
        return "  " + style.faint(name) + padding + SafeText.line(value, limit: 2000)
    }

    /// What the operation does, such as `update of web`.
    static func subject(_ operation: Operation, style: Style = .plain) -> String {
        if let call = operation.intent.change.chainCall { return "call \(call.call.summary)" }
        let what = operation.kind == .replica ? "replica of " : "update of "
        return what + style.strong(SafeText.line(operation.intent.cvm))
    }

    /// The fate of a call's transaction in words.
    private static func transaction(_ planned: PlannedCall, _ operation: Operation) -> String? {
        if planned.alreadyRegistered {
            return operation.intent.mode == .prepareOnly
                ? "none of ours; the contract says that it is in effect"
                : "was in effect already, no transaction was needed"
        }
        guard let inclusion = planned.inclusion else {
            if let foreign = planned.foreignTransaction { return "\(foreign), by somebody else" }
            guard let latest = planned.registration?.latest else { return nil }
            return "\(latest.hash), nonce \(latest.nonce), \(fate(latest, operation))"
        }
        var parts = [inclusion.hash.hex]
        let attempts = planned.registration?.attempts ?? []
        if let attempt = attempts.first(where: { $0.hash == inclusion.hash }) { parts.append("nonce \(attempt.nonce)") }
        parts.append("block \(inclusion.blockNumber)")
        parts.append("\(inclusion.gasUsed) gas at \(Wei.gwei(inclusion.effectiveGasPrice)) gwei")
        if let paid = inclusion.effectiveGasPrice.multiplied(by: UInt256(inclusion.gasUsed)) {
            parts.append("\(Wei.ether(paid)) ETH")
        }
        if attempts.count > 1 {
            parts.append("attempt \(place(of: inclusion.hash, in: attempts)) of \(attempts.count)")
        }
        return parts.joined(separator: ", ")
    }

    /// What is known of an attempt that is not known to have registered the hash.
    private static func fate(_ attempt: Attempt, _ operation: Operation) -> String {
        if operation.phase == .cancelled, attempt.purpose == .burn { return "a transfer of 0 that used the nonce up" }
        switch attempt.outcome {
        case .mined?: return "mined"
        case .reverted?: return "reverted"
        case .displaced?: return "displaced by another transaction"
        case .accepted?: return "sent, not mined as far as known"
        case nil: return attempt.sendingAt == nil ? "signed, not sent" : "sent, not mined as far as known"
        }
    }

    private static func place(of hash: TransactionHash, in attempts: [Attempt]) -> Int {
        (attempts.firstIndex { $0.hash == hash } ?? 0) + 1
    }

    private static func headline(_ operation: Operation, style: Style) -> String {
        let cvm = style.strong(SafeText.line(operation.intent.cvm))
        let subject = subject(operation, style: style)
        switch operation.phase {
        case .running where operation.changedNothing: return "\(style.tick) \(cvm) has all of this already."
        case .running where operation.kind == .replica: return "\(style.tick) The \(subject) runs."
        case .running: return "\(style.tick) \(cvm) runs with the update."
        case .confirmed where operation.isFinished: return "\(style.tick) The \(subject) is in effect."
        case .committed where operation.isFinished: return "\(style.tick) The cloud has accepted the update of \(cvm)."
        case .awaitingApproval:
            return "\(style.tick) The \(subject) is prepared and waits for its owner's approval."
        case .cancelled: return "\(style.tick) The \(subject) is cancelled."
        case .moved: return "\(style.tick) The \(subject) goes on where its file is imported."
        case .failed, .superseded: return "\(style.cross) The \(subject) has ended: \(operation.phase.rawValue)."
        case .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed:
            return "\(style.mark) The \(subject) is not finished: \(operation.phase.rawValue)."
        }
    }

    /// What is known of the operation, a line each.
    static func facts(_ operation: Operation, style: Style) -> [String] {
        var lines = [field("operation", operation.id.text, style: style)]
        if let target = operation.target { lines.append(field("cvm", target.cvmID, style: style)) }
        if let contract = operation.call?.contract ?? operation.app, let chainID = operation.chainID {
            lines.append(field("contract", "\(contract.checksummed) on chain \(chainID)", style: style))
        }
        if let hash = operation.preparation?.composeHash {
            let how = operation.verification.map { " (\(words($0)))" } ?? ""
            lines.append(field("compose hash", hash.hex + how, style: style))
        }
        for planned in operation.calls {
            guard let text = transaction(planned, operation) else { continue }
            let name = operation.calls.count == 1 ? "transaction" : planned.call.name
            lines.append(field(name, text, style: style))
        }
        if let id = operation.correlationID { lines.append(field("correlation", id, style: style)) }
        return lines
    }

    private static func words(_ verification: Verification) -> String {
        switch verification {
        case .recomputed: "recomputed here"
        case .accepted: "accepted by --accept-hash"
        case .notRequired: "no registration needed"
        }
    }
}
