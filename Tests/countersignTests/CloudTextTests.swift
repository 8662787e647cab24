// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON
import Testing

@testable import countersign

@Suite("Answers of the cloud as text")
struct CloudTextTests {
    @Test("A table is as wide as its cells, and no cell can act on the terminal")
    func table() {
        let lines = TextTable.lines(
            ["name", "id"], [["web", "1"], ["a\u{1b}[2J\nb", ""], [String(repeating: "x", count: 99), "2"]],
            style: .plain)
        #expect(lines[1] == "web" + String(repeating: " ", count: 60) + "1")
        #expect(lines[2].hasPrefix("a[2J b ") && lines[2].hasSuffix("  -"))
        #expect(lines.allSatisfy { $0.count <= 65 && $0.last != " " })
    }

    @Test(
        "The same facts are found in every form of a CVM",
        arguments: [
            """
            {"id":"cvm_1","name":"web","status":"running","app_id":"ab","vm_uuid":"u","instance_id":"i",
            "resource":{"vcpu":2,"memory_in_gb":4.0,"disk_in_gb":40},"node_info":{"name":"n"},"os":{"name":"os"},
            "kms_type":"base","kms_info":{"chain_id":8453},"listed":true}
            """,
            """
            {"id":"cvm_1","name":"web","status":"running","app_id":"ab","vm_uuid":"u","instance_id":"i","vcpu":2,
            "memory":4096,"disk_size":40,"teepod":{"name":"n"},"base_image":"os",
            "kms_info":{"slug":"base","chain_id":8453},"listed":true}
            """,
            """
            {"name":"web","status":"running","hosted":{"id":"u","app_id":"ab","instance_id":"i",
            "configuration":{"image":"os"}},"vcpu":2,"memory":4096,"disk_size":40,"node":{"name":"n"},
            "kms_info":{"id":"base","chain_id":8453},"listed":true}
            """,
        ])
    func facts(_ text: String) throws {
        let facts = CvmFacts(try JSON(parsing: text))
        #expect([facts.name, facts.status, facts.appID, facts.vmUUID] == ["web", "running", "ab", "u"])
        #expect([facts.instanceID, facts.node, facts.image] == ["i", "n", "os"])
        #expect(facts.keys == "base, chain 8453")
        #expect(["2 vCPU, 4 GB, 40 GB disk", "2 vCPU, 4096 MB, 40 GB disk"].contains(facts.size))
        #expect(facts.isListed == true)
    }

    @Test("A CVM on which an operation runs is busy, whichever field says so")
    func busy() throws {
        for text in [#"{"status":"s","in_progress":true}"#, #"{"status":"s","progress":{"target":"running"}}"#] {
            #expect(CvmFacts(try JSON(parsing: text)).status == "s, busy")
        }
        for text in [#"{"status":"s","in_progress":false}"#, #"{"status":"s","progress":null}"#] {
            #expect(CvmFacts(try JSON(parsing: text)).status == "s")
        }
    }

    @Test("An answer that says nothing gives lines without facts, and no crash", arguments: ["{}", "[]", "1", "null"])
    func nothing(_ text: String) throws {
        let answer = try JSON(parsing: text)
        #expect(CvmFacts(answer).lines(style: .plain) == [""])
        #expect(CloudText.page(answer, style: .plain) == ["No CVMs.", "page ? of ?, ? in all"])
        #expect(CloudText.user(answer, style: .plain).count == 3)
    }

    @Test("A change is either answered with the CVM or taken on; anything else is another shape")
    func changeAnswers() throws {
        func read(_ text: String) throws -> CloudChangeAnswer<V20251028> {
            try CloudChangeAnswer(decoding: JSONCursor(try JSON(parsing: text)))
        }
        for text in ["{}", #"{"correlation_id":"c"}"#, #"{"status":"no_change"}"#, #"{"message":"m"}"#] {
            guard case .accepted = try read(text) else { return #expect(Bool(false), "\(text)") }
        }
        for text in [#"{"id":1}"#, #"{"else":1}"#, "[]", #"{"correlation_id":1}"#, #"{"status":"s","name":"n"}"#] {
            #expect(throws: JSONShapeError.self, "\(text)") { try read(text) }
        }
    }
}
