// SPDX-License-Identifier: Apache-2.0

import SelfTest
import StrictJSON
import TestSupport
import Testing

@Suite struct MalformedFileTests {
    private func run(_ text: String) -> FamilyReport {
        SelfTest.run(VectorFile(name: "test", bytes: Array(text.utf8)))
    }

    @Test(arguments: [
        "", "{", "[]", "null", "{}", #"{"kind":"abi"}"#, #"{"cases":[]}"#, #"{"kind":"abi","cases":{}}"#,
        #"{"kind":"abi","cases":[]}"#, #"{"kind":7,"cases":[{"id":"a"}]}"#,
    ])
    func `a file that is no vector file counts as one failure that says why`(text: String) {
        let report = run(text)
        #expect(report.failed == 1 && report.passed == 0)
        #expect(report.failures.first?.id == "(file)")
        #expect(report.failures.first?.what.isEmpty == false)
    }

    @Test func `unknown families and operations are unsupported, not failed`() {
        let family = run(#"{"kind":"martian","cases":[{"id":"a"},{"id":"b"}]}"#)
        #expect(family.unsupported == 2 && family.failed == 0 && family.passed == 0)
        let operation = run(#"{"kind":"abi","cases":[{"id":"a","op":"dance"}]}"#)
        #expect(operation.unsupported == 1 && operation.failed == 0)
    }

    @Test func `a missing id and a repeated id fail`() {
        let report = run(
            #"{"kind":"rlp_valid","cases":[{"decoded":"0x","encoded":"0x80"},"#
                + #"{"id":"a","decoded":"0x","encoded":"0x80"},{"id":"a","decoded":"0x","encoded":"0x80"}]}"#)
        #expect(report.passed == 1)
        #expect(report.failures.map(\.id) == ["$.cases[0]", "a"])
    }

    @Test func `slow cases are skipped unless asked for`() {
        let file = VectorFile(
            name: "test",
            bytes: Array(#"{"kind":"rlp_valid","cases":[{"id":"a","decoded":"0x","encoded":"0x80","slow":true}]}"#.utf8)
        )
        #expect(SelfTest.run(file).skipped == 1)
        #expect(SelfTest.run(file, slow: true).passed == 1)
    }

    @Test func `a hash over the cases that does not fit fails the file`() {
        let report = run(
            #"{"kind":"rlp_valid","cases_sha256":"0x\#(String(repeating: "00", count: 32))","#
                + #""cases":[{"id":"a","decoded":"0x","encoded":"0x80"}]}"#)
        #expect(report.failures.map(\.id) == ["(file)"])
        #expect(report.passed == 1)
    }

    @Test(arguments: VectorFile.embedded)
    func `values of the wrong type never crash`(file: VectorFile) throws {
        var random = SeededGenerator()
        let wrong: [JSON] = [
            nil, true, -1, .number(JSONNumber(Int64.max)), "", "0x", "0x0", "zz", [], [nil], [:], ["id": "x"],
            .string("0x" + String(repeating: "ff", count: 33)),
        ]
        let cases = try JSON(parsing: file.bytes)["cases"]?.array ?? []
        for vector in cases.shuffled(using: &random).prefix(40) where vector["slow"] == nil {
            guard var object = vector.object else { continue }
            for key in object.keys where key != "id" {
                let kept = object[key]
                object[key] = wrong.randomElement(using: &random)
                _ = SelfTest.run(Mutation.file(file.name, holding: [.object(object)]))
                object[key] = nil
                _ = SelfTest.run(Mutation.file(file.name, holding: [.object(object)]))
                object[key] = kept
            }
        }
    }
}
