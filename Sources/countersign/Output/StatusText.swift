// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON

/// What the store knows, as people read it.
enum StatusText {
    /// A line for each operation.
    static func list(_ operations: [Operation], isAll: Bool, style: Style) -> [String] {
        guard !operations.isEmpty else { return [isAll ? "No operations." : "No unfinished operations."] }
        let width = operations.map(\.phase.rawValue.count).max() ?? 0
        return operations.map { operation in
            let phase = operation.phase.rawValue
            let padding = String(repeating: " ", count: width - phase.count)
            let when = operation.updatedAt.description.prefix(19)
            let subject =
                operation.intent.change.chainCall?.call.summary ?? SafeText.line(operation.intent.cvm, limit: 60)
            return "\(operation.id)  \(painted(operation, phase, style))\(padding)  \(style.faint("\(when)Z"))  "
                + subject
        }
    }

    /// An operation with its history.
    static func details(_ operation: Operation, _ history: [HistoryEntry], style: Style) -> [String] {
        var lines = [
            "\(style.strong(operation.id.text)): \(painted(operation, operation.phase.rawValue, style)), "
                + OperationText.subject(operation)
        ]
        lines += OperationText.facts(operation, style: style).dropFirst()
        lines.append(
            OperationText.field("fields", operation.intent.change.fieldNames.joined(separator: ", "), style: style))
        for (index, change) in (operation.expectation?.changes ?? []).enumerated() {
            lines.append(OperationText.field(index == 0 ? "changes" : "", change, style: style))
        }
        lines += attempts(operation, style: style)
        if let failure = operation.failure { lines += StopText.lines(Stop(failure), style: style) }
        lines.append("")
        lines += history.map { entry in
            let phase = entry.phase.rawValue
            let padding = String(repeating: " ", count: max(1, 18 - phase.count))
            let detail = entry.detail.isEmpty ? "" : ": " + SafeText.line(entry.detail)
            return "  \(style.faint(entry.at.description))  \(phase)\(padding)\(entry.event)\(detail)"
        }
        if !operation.isFinished {
            lines.append("")
            let command = operation.phase == .awaitingApproval ? "commit" : "resume"
            lines.append("  \(style.arrow) countersign \(command) \(operation.id)")
        }
        return lines
    }

    private static func attempts(_ operation: Operation, style: Style) -> [String] {
        let attempts = operation.attempts
        guard attempts.count > 1 else { return [] }
        return attempts.enumerated().map { index, attempt in
            OperationText.field(
                index == 0 ? "attempts" : "",
                "\(attempt.hash), nonce \(attempt.nonce), \(attempt.purpose.rawValue), at most "
                    + "\(Wei.gwei(attempt.maxFeePerGas)) gwei a gas" + (attempt.sendingAt == nil ? ", not sent" : "")
                    + (attempt.outcome.map { ", \($0.rawValue)" } ?? ""),
                style: style)
        }
    }

    private static func painted(_ operation: Operation, _ text: String, _ style: Style) -> String {
        switch operation.phase {
        case .running: style.good(text)
        case .failed, .superseded: style.bad(text)
        case .cancelled, .moved: style.faint(text)
        case .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed, .awaitingApproval:
            operation.isFinished ? style.good(text) : style.warning(text)
        }
    }
}
