// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import countersign

@Suite("Shared options before the command")
struct ArgumentOrderTests {
    @Test(
        "What leads moves behind the command; everything else stays where it is",
        arguments: [
            (["--json", "status"], ["status", "--json"]),
            (["--store", "s", "update", "web", "--vcpu", "2"], ["update", "web", "--vcpu", "2", "--store", "s"]),
            (["--store=s", "--verbose", "status"], ["status", "--store=s", "--verbose"]),
            (["cvm", "--json", "get", "web"], ["cvm", "get", "web", "--json"]),
            (["--json", "cvm", "--verbose", "get", "web"], ["cvm", "get", "web", "--json", "--verbose"]),
            (["--json", "tx", "decode", "--", "0x"], ["tx", "decode", "--json", "--", "0x"]),
            (["update", "web", "--json"], ["update", "web", "--json"]),
            (["--json", "cvm"], ["cvm"]),
            (["--version"], ["--version"]),
            (["--store"], ["--store"]),
            ([], []),
        ])
    func moves(_ given: [String], _ expected: [String]) {
        #expect(ArgumentOrder.normalized(given) == expected)
    }

    @Test("JSON is asked for by the flag, not by a value behind the terminator")
    func asksForJSON() {
        #expect(ArgumentOrder.asksForJSON(["update", "--json"]))
        #expect(!ArgumentOrder.asksForJSON(["update", "--", "--json"]))
    }
}
