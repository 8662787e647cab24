// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON

/// What `doctor` found, told line by line.
struct CheckReport {
    /// How one check ended.
    enum Verdict {
        /// All is well; what was found.
        case well(String)
        /// Nothing was checked, and why.
        case skipped(String)
        /// Something is not well.
        case failed(Stop)
    }

    private let console: Console
    private var statuses: [ExitStatus] = []
    private var checks: [JSON] = []

    /// An empty report.
    init(_ console: Console) {
        self.console = console
    }

    /// Tells a check.
    ///
    /// - Parameter facts: what was found, for programs, whatever the verdict.
    mutating func add(_ name: String, _ verdict: Verdict, facts: JSONObject = JSONObject()) {
        var object = JSONObject.event("check")
        object["name"] = .string(name)
        let style = console.outputStyle
        let padding = String(repeating: " ", count: max(1, 15 - name.count))
        switch verdict {
        case .well(let detail):
            object["status"] = "ok"
            object["detail"] = .string(detail)
            console.result(["\(style.tick) \(name)\(padding)\(SafeText.line(detail))"])
        case .skipped(let detail):
            object["status"] = "skipped"
            object["detail"] = .string(detail)
            console.result(["\(style.dash) \(name)\(padding)\(style.faint(SafeText.line(detail)))"])
        case .failed(let stop):
            object["status"] = "failed"
            object["detail"] = .string(stop.message)
            object["code"] = .string(stop.code.name)
            object["hint"] = .string(stop.hint)
            statuses.append(stop.exitStatus)
            console.result(["\(style.cross) \(name)\(padding)\(SafeText.line(stop.message))"])
            if !stop.hint.isEmpty { console.result(["    \(style.arrow) \(SafeText.line(stop.hint))"]) }
        }
        for member in facts.members { object[member.key] = member.value }
        console.event(object)
        object["event"] = nil
        checks.append(.object(object))
    }

    /// Tells a check that may throw.
    mutating func add(_ name: String, _ check: () async throws -> Verdict) async {
        do { add(name, try await check()) } catch { add(name, .failed(Stop(any: error))) }
    }

    /// Ends the report.
    func end() -> ExitStatus {
        var object = JSONObject.event("result")
        object["ok"] = .bool(statuses.isEmpty)
        object["checks"] = .array(checks)
        console.event(object)
        return ExitStatus.worst(of: statuses)
    }
}
