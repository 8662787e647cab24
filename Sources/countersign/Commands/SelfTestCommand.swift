// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import SelfTest
import StrictJSON

/// Runs published test cases against this very binary, offline.
struct SelfTestCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "selftest", abstract: "Run the test vectors of the standards against this very program.")

    @Option(help: ArgumentHelp("Directory of vector files; those inside the program by default.", valueName: "dir"))
    var vectors: String?

    @Flag(help: "Cases that take long, too.")
    var slow = false

    @OptionGroup(visibility: .hidden)
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        var total = Total()
        if let vectors {
            do {
                for name in try VectorFile.names(inDirectory: vectors) {
                    show(
                        SelfTest.run(try VectorFile(name: name, inDirectory: vectors), slow: slow), &total,
                        context.console)
                }
            } catch {
                throw Stop(.badInput, "\(error).", hint: "Check --vectors.")
            }
        } else {
            SelfTest.run(VectorFile.embedded, slow: slow) { show($0, &total, context.console) }
        }
        return end(total, context.console)
    }

    private struct Total {
        var passed = 0
        var failed = 0
        var unsupported = 0
        var skipped = 0
    }

    private func show(_ report: FamilyReport, _ total: inout Total, _ console: Console) {
        total.passed += report.passed
        total.failed += report.failed
        total.unsupported += report.unsupported
        total.skipped += report.skipped
        var event = JSONObject.event("family")
        event["name"] = .string(report.name)
        event["passed"] = .number(JSONNumber(report.passed))
        event["failed"] = .number(JSONNumber(report.failed))
        event["unsupported"] = .number(JSONNumber(report.unsupported))
        event["skipped"] = .number(JSONNumber(report.skipped))
        event["failures"] = .array(report.failures.map(json))
        event["unsupported_cases"] = .array(report.unsupportedCases.map(json))
        console.event(event)
        console.result(lines(report, isVerbose: console.isVerbose, console.outputStyle))
    }

    private func json(_ note: FamilyReport.Note) -> JSON {
        ["id": .string(note.id), "what": .string(note.what)]
    }

    private func lines(_ report: FamilyReport, isVerbose: Bool, _ style: Style) -> [String] {
        let sign = report.failed > 0 ? style.cross : style.tick
        var line = "\(sign) \(SafeText.line(report.name)): \(report.passed) passed"
        if report.failed > 0 { line += ", " + style.bad("\(report.failed) failed") }
        if report.unsupported > 0 { line += ", " + style.warning("\(report.unsupported) unsupported") }
        if report.skipped > 0 { line += ", \(report.skipped) skipped" }
        let failures = report.failures.map { "    \(SafeText.line($0.id)): \(SafeText.line($0.what))" }
        let shown = isVerbose ? report.unsupported : 3
        var others = report.unsupportedCases.prefix(shown).map {
            "    \(SafeText.line($0.id)): unsupported: \(SafeText.line($0.what))"
        }
        if report.unsupported > shown {
            others.append("    … \(report.unsupported - shown) more; --verbose lists them")
        }
        return [line] + failures + others
    }

    private func end(_ total: Total, _ console: Console) -> ExitStatus {
        var event = JSONObject.event("result")
        event["passed"] = .number(JSONNumber(total.passed))
        event["failed"] = .number(JSONNumber(total.failed))
        event["unsupported"] = .number(JSONNumber(total.unsupported))
        event["skipped"] = .number(JSONNumber(total.skipped))
        console.event(event)
        let style = console.outputStyle
        let isWell = total.failed == 0
        console.result([
            "\(isWell ? style.tick : style.cross) \(total.passed) passed, \(total.failed) failed, "
                + "\(total.unsupported) unsupported, \(total.skipped) skipped"
        ])
        return isWell ? .done : .internalError
    }
}
