// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON
import Testing

@testable import countersign

@Suite("Fields of an update")
struct UpdateFieldsTests {
    private func body(_ arguments: [String]) throws -> String {
        try UpdateFields.parse(arguments).patch().text
    }

    @Test("Each option becomes the field of the API, and nothing else is sent")
    func fields() throws {
        let arguments = [
            "--clear-pre-launch-script", "--allowed-env", "A", "--allowed-env", "B", "--public-logs", "false",
            "--encrypted-env", "00ff", "--vcpu", "2", "--memory", "4096", "--disk-size", "40", "--image", "dstack",
            "--shutdown-timeout", "60", "--allow-force-stop", "--gpus", #"{"count":1}"#,
        ]
        #expect(
            try body(arguments)
                == #"{"pre_launch_script":"","allowed_envs":["A","B"],"public_logs":false,"encrypted_env":"00ff","#
                + #""gpus":{"count":1},"vcpu":2,"memory":4096,"disk_size":40,"image":"dstack","shutdown_timeout":60,"#
                + #""allow_force_stop":true}"#)
    }

    @Test("The names of an environment file are allowed in their order unless others are")
    func environmentNames() throws {
        let names = ["B", "A"]
        #expect(try UpdateFields.parse([]).patch(environmentNames: names).text == #"{"allowed_envs":["B","A"]}"#)
        #expect(
            try UpdateFields.parse(["--allowed-env", "C"]).patch(environmentNames: names).text
                == #"{"allowed_envs":["C"]}"#)
        #expect(throws: Stop.self) {
            _ = try UpdateFields.parse(["--encrypted-env", "00"]).patch(environmentNames: names)
        }
    }

    @Test("No limit and no GPUs are said by null, which is another thing than saying nothing")
    func nulls() throws {
        #expect(try body(["--shutdown-timeout", "none"]) == #"{"shutdown_timeout":null}"#)
        #expect(try body(["--gpus", "null"]) == #"{"gpus":null}"#)
        #expect(try body(["--no-allow-force-stop"]) == #"{"allow_force_stop":false}"#)
    }

    @Test(
        "Wrong usage is told before anything is read or sent",
        arguments: [
            [], ["--shutdown-timeout", "5"], ["--shutdown-timeout", "soon"], ["--vcpu", "0"], ["--gpus", "{"],
            ["--gpus", #"{"number":1}"#], ["--encrypted-env", "0x0"], ["--allowed-env", ""],
            ["--allowed-env", "A", "--allowed-envs-file", "f"],
            ["--pre-launch-script", "/dev/null", "--clear-pre-launch-script"],
            ["--vcpu", "1", "--from-json", "f"],
        ])
    func refuses(_ arguments: [String]) {
        let stop = #expect(throws: Stop.self) { try body(arguments) }
        #expect(stop?.code == .usage)
    }

    @Test("A file that cannot be read is bad input")
    func missingFile() {
        for option in ["--compose", "--user-config", "--from-json", "--allowed-envs-file"] {
            let stop = #expect(throws: Stop.self) { try body([option, "/nonexistent/file"]) }
            #expect(stop?.code == .badInput, "\(option)")
        }
    }
}
