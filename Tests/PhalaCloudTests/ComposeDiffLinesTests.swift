// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TestSupport
import Testing

@testable import PhalaCloud

@Suite("Differences of compose objects for approvers")
struct ComposeDiffLinesTests {
    private func lines(_ old: JSONObject, _ new: JSONObject, limit: Int = 500) -> [String] {
        ComposeDiff(from: old, to: new).detailedLines(limit: limit)
    }

    @Test("a changed line of a long text stands between the lines around it")
    func hunk() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n"
        let new = "a\nb\nc\nD\ne\nf\ng\nh\n"
        #expect(
            lines(["docker_compose_file": .string(old)], ["docker_compose_file": .string(new)]) == [
                "docker_compose_file: 16 → 16 bytes", "  @@ line 2 → line 2 @@", "    b", "    c", "  - d", "  + D",
                "    e", "    f",
            ])
    }

    @Test("differences far from each other are hunks of their own, with the right numbers")
    func hunks() {
        let old = (1...40).map { "line \($0)" }
        var new = old
        new.remove(at: 4)
        new[29] = "another"
        let diff = LineDiff(from: old.joined(separator: "\n"), to: new.joined(separator: "\n"))
        #expect(diff.hunks.map(\.oldStart) == [3, 29])
        #expect(diff.hunks.map(\.newStart) == [3, 28])
        #expect(diff.hunks[1].lines.filter { $0.first != " " } == ["- line 31", "+ another"])
    }

    @Test("short values stand side by side, whole texts that come or go are shown whole")
    func values() {
        #expect(
            lines(
                ["a": true, "b": ["x"], "d": "p\nq"], ["a": false, "b": ["x", "y"], "c": "one\ntwo"])
                == [
                    "a: true → false", "b: [\"x\"] → [\"x\",\"y\"]", "c: (none) → 7 bytes", "  + one", "  + two",
                    "d: 3 bytes → (none)", "  - p", "  - q",
                ])
    }

    @Test("control characters and line ends that changed are spelled out")
    func hostile() {
        let shown = lines(["s": "one\ntwo\u{1b}[2J\n"], ["s": "one\r\ntwo\u{202e}\n"])
        #expect(shown.contains("  + one\\r"))
        #expect(shown.contains("  - two\\u{1b}[2J"))
        #expect(shown.contains("  + two\\u{202e}"))
    }

    @Test("more lines than are shown are counted")
    func limit() {
        let old = (0..<3000).map { "o\($0)" }.joined(separator: "\n")
        let new = (0..<3000).map { "n\($0)" }.joined(separator: "\n")
        let shown = lines(["s": .string(old)], ["s": .string(new)], limit: 100)
        #expect(shown.count == 100)
        #expect(shown.last == "… and 5903 more lines")
    }

    @Test("applying the lines to the old text gives the new one, for random texts")
    func property() {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let old = (0...Int.random(in: 0...12, using: &random)).map { _ in
                "l\(Int.random(in: 0...3, using: &random))"
            }
            let new = (0...Int.random(in: 0...12, using: &random)).map { _ in
                "l\(Int.random(in: 0...3, using: &random))"
            }
            let diff = LineDiff(from: old.joined(separator: "\n"), to: new.joined(separator: "\n"))
            var result: [String] = []
            var next = 0
            for hunk in diff.hunks {
                result += old[next..<(hunk.oldStart - 1)]
                next = hunk.oldStart - 1
                #expect(result.count == hunk.newStart - 1, "seed \(random.seed)")
                for line in hunk.lines {
                    if line.first != "+" { next += 1 }
                    if line.first != "-" { result.append(String(line.dropFirst(2))) }
                }
            }
            #expect(result + old[next...] == new, "seed \(random.seed): \(old)")
        }
    }
}
