// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON
import Testing

@testable import countersign

@Suite("Text for terminals")
struct TextTests {
    @Test("JSON escapes what a terminal acts on, and stays the same JSON")
    func json() throws {
        let value: JSON = ["a": "\u{1b}[31m\u{9b}2J\u{7f}\u{202e}\u{2028}ä→\u{e0041}"]
        let text = SafeText.json(value)
        #expect(text == #"{"a":"\u001b[31m\u009b2J\u007f\u202e\u2028ä→\udb40\udc41"}"#)
        #expect(try JSON(parsing: text) == value)
    }

    @Test("Only line feeds divide lines; other control characters vanish")
    func lines() {
        #expect(SafeText.lines("one\r\ntwo\u{1b}[2J\n\u{202e}three") == ["one ", "two[2J", "three"])
    }

    @Test("A live line fits the terminal, and colours do not count")
    func fitting() {
        #expect(Console.fitting("abcdef", columns: 4) == "abc")
        #expect(Console.fitting("\u{1b}[1mabc\u{1b}[0mdef", columns: 5) == "\u{1b}[1mabc\u{1b}[0md")
        #expect(Console.fitting("abcdef", columns: 0) == "abcdef")
    }

    @Test("Durations are short")
    func durations() {
        #expect(Seconds.text(.milliseconds(449)) == "0.4 s")
        #expect(Seconds.text(.seconds(59)) == "59 s")
        #expect(Seconds.text(.seconds(185)) == "3 min 5 s")
    }

    @Test("A stop tells what happened, what to do, and which operation it is about")
    func stop() throws {
        let id = try #require(OperationID("op-0123456789abcdef"))
        let stop = Stop(.hashMismatch, "Not the hash.\nAsked: 1", hint: "Compare.", operation: id, phase: .failed)
        let expected = [
            "✗ hash-mismatch: Not the hash.", "    Asked: 1", "  → Compare.",
            "  operation op-0123456789abcdef, phase failed",
        ]
        #expect(StopText.lines(stop, style: .plain) == expected)
        #expect(
            SafeText.json(.object(stop.json))
                == #"{"event":"error","code":"hash-mismatch","message":"Not the hash.\nAsked: 1","hint":"Compare.","#
                + #""retryable":false,"operation":"op-0123456789abcdef","phase":"failed"}"#)
    }

    @Test("Names of variables come a line each, or as a JSON array")
    func environmentNames() throws {
        #expect(try EnvironmentNames.names(in: "A\r\n\n# not this\n  B \n", path: "f") == ["A", "B"])
        #expect(try EnvironmentNames.names(in: " [\"A\", \"B\"]", path: "f") == ["A", "B"])
        #expect(try EnvironmentNames.names(in: "", path: "f").isEmpty)
        #expect(throws: Stop.self) { try EnvironmentNames.names(in: "[1]", path: "f") }
    }
}
