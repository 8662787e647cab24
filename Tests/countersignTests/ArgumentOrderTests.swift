// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
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
            (["--bearer-token-file", "f", "cvm", "list"], ["cvm", "list", "--bearer-token-file", "f"]),
            (["compose-file", "--json", "update", "web"], ["compose-file", "update", "web", "--json"]),
            (["update", "web", "--json"], ["update", "web", "--json"]),
            (["--json", "cvm"], ["cvm"]),
            (["--version"], ["--version"]),
            (["--store"], ["--store"]),
            ([], []),
        ])
    func moves(_ given: [String], _ expected: [String]) {
        #expect(ArgumentOrder.normalized(given) == expected)
    }

    @Test("Every shared option may stand first, and every command that only holds others is known")
    func complete() {
        let help = SharedOptions.helpMessage(includeHidden: true)
        let named = Set(help.matches(of: /--[a-z-]+/).map { String($0.output) }).subtracting(["--help"])
        #expect(ArgumentOrder.flags.union(ArgumentOrder.options) == named)
        let holders = Countersign.configuration.subcommands
            .filter { $0 is any SubcommandHolder.Type }.map { $0.configuration.commandName ?? "" }
        #expect(ArgumentOrder.holders.isSuperset(of: holders))
    }

    @Test(
        "Names that lead to no command are told, whatever stands around them",
        arguments: [
            (["bogus", "--json"], "bogus"), (["--json", "bogus"], "bogus"),
            (["cvm", "nosuch", "--json"], "cvm nosuch"),
            (["cvm", "--json", "nosuch"], "cvm nosuch"), (["cvm", "get", "web", "--bogus"], nil), (["status"], nil),
            (["--bogus"], nil), (["help", "bogus"], nil), (["cvm", "--help"], nil), (["cvm"], nil), ([], nil),
        ])
    func unknown(_ arguments: [String], _ expected: String?) {
        #expect(ArgumentOrder.unknownCommand(arguments) == expected)
    }

    @Test("JSON is asked for by the flag, not by a value behind the terminator")
    func asksForJSON() {
        #expect(ArgumentOrder.asksForJSON(["update", "--json"]))
        #expect(!ArgumentOrder.asksForJSON(["update", "--", "--json"]))
    }
}
