// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// A stop in words for people: what happened, what is certain, what to do next.
enum StopText {
    /// The lines, fit for a terminal.
    static func lines(_ stop: Stop, style: Style) -> [String] {
        let message = SafeText.lines(stop.message)
        let head = "\(style.cross) \(style.bad(stop.code.name)): \(message.first ?? "")"
        var lines = [head] + message.dropFirst().map { "    " + $0 }
        if !stop.hint.isEmpty {
            let hint = SafeText.lines(stop.hint)
            lines.append("  \(style.arrow) \(hint.first ?? "")")
            lines += hint.dropFirst().map { "    " + $0 }
        }
        if let operation = stop.operation {
            let phase = stop.phase.map { ", phase \($0.rawValue)" } ?? ""
            lines.append(style.faint("  operation \(operation)\(phase)"))
        }
        return lines
    }
}
