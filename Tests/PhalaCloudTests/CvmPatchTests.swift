// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON
import Testing

@Suite struct CvmPatchTests {
    private func patch(_ text: String) throws -> CvmPatch { try CvmPatch(json: try JSON(parsing: text)) }

    @Test func bodyHoldsOnlyWhatIsPresentInTheOrderOfTheDocument() throws {
        var patch = CvmPatch()
        patch.allowForceStop = .value(false)
        patch.shutdownTimeout = .null
        patch.vcpu = .value(4)
        patch.preLaunchScript = .value("")
        patch.allowedEnvs = .value([])
        try patch.validate()
        #expect(
            patch.text
                == #"{"pre_launch_script":"","allowed_envs":[],"vcpu":4,"shutdown_timeout":null,"allow_force_stop":false}"#
        )
    }

    @Test func everyFieldOfTheDocumentSurvivesReadingAndWriting() throws {
        let body = """
            {"docker_compose_file":"services: {}\\n","pre_launch_script":"#!/bin/sh","allowed_envs":["A","B"],\
            "public_logs":true,"public_sysinfo":false,"public_tcbinfo":true,"encrypted_env":"00ff","user_config":"{}",\
            "gpus":{"gpus":[{"slot":"18:00.0","product_id":"2335"},{"slot":"s"}],"attach_mode":"listed"},\
            "vcpu":4,"memory":8192,"disk_size":100,"image":"dstack-0.5.4","shutdown_timeout":605,\
            "allow_force_stop":false}
            """
        #expect(try patch(body).text == body)
        #expect(try JSON(parsing: body).object?.keys == CvmPatch.fieldNames)
        for name in CvmPatch.fieldNames where name != "allow_force_stop" {
            #expect(try patch("{\"\(name)\":null}").text == "{\"\(name)\":null}")
        }
    }

    @Test func bothFormsOfGPUsAreAcceptedButNoMixture() throws {
        let sdk = #"{"gpus":{"count":2,"product_name":"H200"}}"#
        #expect(try patch(sdk).gpus == .value(.count(2, productName: "H200")))
        #expect(try patch(sdk).text == sdk)
        #expect(try patch(#"{"gpus":{"gpus":[],"attach_mode":"all"}}"#).gpus == .value(.devices([], attachMode: .all)))
        for wrong in [
            #"{"gpus":{}}"#, #"{"gpus":{"count":1,"gpus":[]}}"#, #"{"gpus":{"gpus":[],"attach_mode":"some"}}"#,
            #"{"gpus":{"gpus":[{"product_id":"x"}]}}"#, #"{"gpus":{"gpus":[{"slot":"x","y":1}]}}"#,
            #"{"gpus":{"count":-1}}"#, #"{"gpus":3}"#,
        ] {
            #expect(throws: CvmPatchError.self) { try patch(wrong) }
        }
    }

    @Test(arguments: [
        ("{}", CvmPatchError.empty),
        (#"{"docker_compose":"x"}"#, .unknownField("docker_compose")),
        (#"{"shutdown_timeout":9}"#, .outOfRange(field: "shutdown_timeout", value: 9, allowed: 10...1200)),
        (#"{"shutdown_timeout":1201}"#, .outOfRange(field: "shutdown_timeout", value: 1201, allowed: 10...1200)),
        (#"{"vcpu":0}"#, .outOfRange(field: "vcpu", value: 0, allowed: 1...2_147_483_647)),
        (#"{"vcpu":1.5}"#, .shape(JSONShapeError(path: "$.vcpu", expected: "integer", found: "1.5"))),
        (
            #"{"memory":99999999999999999999}"#,
            .shape(JSONShapeError(path: "$.memory", expected: "integer", found: "99999999999999999999"))
        ),
        (
            #"{"allowed_envs":["A",1]}"#,
            .shape(JSONShapeError(path: "$.allowed_envs[1]", expected: "string", found: "1"))
        ),
        (
            #"{"allow_force_stop":null}"#,
            .shape(JSONShapeError(path: "$.allow_force_stop", expected: "boolean", found: "null"))
        ),
        (#"{"encrypted_env":"abc"}"#, .notHex(field: "encrypted_env")),
        (#"{"encrypted_env":"zz"}"#, .notHex(field: "encrypted_env")),
        (#"{"allowed_envs":[""]}"#, .emptyText(field: "allowed_envs")),
        (#"{"image":""}"#, .emptyText(field: "image")),
        ("[]", .shape(JSONShapeError(path: "$", expected: "object", found: "an array of 0"))),
    ])
    func whatTheServiceWouldRefuseIsNotSent(body: String, error: CvmPatchError) throws {
        #expect(throws: error) { try patch(body) }
    }

    @Test func limitsAreInclusive() throws {
        #expect(try patch(#"{"shutdown_timeout":10}"#).shutdownTimeout == .value(10))
        #expect(try patch(#"{"shutdown_timeout":1200}"#).shutdownTimeout == .value(1200))
    }

    @Test func onlySixFieldsTouchTheComposeObject() throws {
        let base = try #require(try JSON(parsing: #"{"name":"a","pre_launch_script":"old","x":1.0}"#).object)
        var patch = CvmPatch()
        patch.vcpu = .value(2)
        patch.encryptedEnv = .value("00")
        #expect(!patch.touchesCompose)
        #expect(ComposePatch.apply(patch, to: base) == base)

        patch.preLaunchScript = .value("")
        patch.publicLogs = .value(true)
        patch.allowedEnvs = .null
        #expect(patch.touchesCompose)
        #expect(
            JSON.object(ComposePatch.apply(patch, to: base)).text
                == #"{"name":"a","pre_launch_script":"","x":1.0,"allowed_envs":null,"public_logs":true}"#)
    }
}

@Suite struct ComposeDiffTests {
    private func lines(_ old: String, _ new: String) throws -> [String] {
        ComposeDiff(
            from: try #require(try JSON(parsing: old).object), to: try #require(try JSON(parsing: new).object)
        ).lines
    }

    @Test func changedAddedAndRemovedFieldsEachHaveALine() throws {
        #expect(
            try lines(
                #"{"name":"a","b":{"c":1,"d":[1,2]},"same":"x","gone":null}"#,
                #"{"same":"x","b":{"d":[2,1],"c":1.0},"name":"b","new":true}"#)
                == [
                    "b.c: 1 → 1.0", "b.d: [1,2] → [2,1]", "gone: null → (none)", #"name: "a" → "b""#,
                    "new: (none) → true",
                ])
        #expect(try lines(#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#).isEmpty)
    }

    @Test func longTextsShowTheFirstLineThatDiffers() throws {
        #expect(
            try lines(#"{"f":"a: 1\nb: 2\nc: 3\n"}"#, #"{"f":"a: 1\nb: 22\nc: 3\n"}"#)
                == [#"f: 15 → 16 bytes, first difference in line 2: "b: 2" → "b: 22""#])
        #expect(
            try lines(#"{"f":"a\nb"}"#, #"{"f":"a"}"#)
                == [#"f: 3 → 1 bytes, first difference in line 2: "b" → (end)"#])
        let long = String(repeating: "x", count: 500)
        #expect(
            try lines("{}", "{\"f\":\"\(long)\"}")
                == ["f: (none) → \"\(String(repeating: "x", count: 72))…\" (500 bytes)"])
    }

    @Test func nothingReachesTheTerminalUnescaped() throws {
        let line = try #require(
            try lines(#"{"a\u001b[2J":"x"}"#, #"{"a\u001b[2J":"\u001b]0;evil\u0007 \u202e \r\n"}"#).first)
        #expect(
            line
                == #"a\u{1b}[2J: 1 → 16 bytes, first difference in line 1: "x" → "\u{1b}]0;evil\u{7} \u{202e} \r""#)
    }
}
