// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

/// Expected texts and hashes come from Node.js 20 (`sort` and `JSON.stringify`) and Python 3 (`json.dumps`).
@Suite struct ComposeHashTests {
    private func object(_ text: String) throws -> JSONObject {
        try #require(try JSON(parsing: text).object)
    }

    private func text(
        _ json: String, _ form: ComposeForm = .dstackSDK, _ preparation: ComposePreparation = .asIs,
        _ dialect: ComposeDialect = .asWritten
    ) throws -> String {
        ComposeSerialization(form: form, preparation: preparation, dialect: dialect)
            .canonicalText(of: try object(json))
    }

    @Test func dstackSDKIsCompactSortedAndLeavesCharactersAsTheyAre() throws {
        let compose = #"{"runner":"docker-compose","b":[1, 2],"a":{"z":null,"ä":"é/\u001f\u007f"}}"#
        #expect(
            try text(compose)
                == "{\"a\":{\"z\":null,\"ä\":\"é/\\u001f\u{7f}\"},\"b\":[1,2],\"runner\":\"docker-compose\"}")
    }

    @Test func knownHashOfTheSmallestObject() throws {
        let compose = try object(#"{"runner":"docker-compose"}"#)
        let candidates = ComposeCandidates.of(compose)
        #expect(
            candidates.map(\.hash.hex) == [
                "0x1120e42a7b5f2ca50128696ea414771441b4fa92373427108a7173181cc80b55",
                "0xd37f0911376108cc37b5ba5e88a498dd801d1809b106b2cf937d3a952ca8402c",
            ])
        #expect(candidates.last?.label == "phala-js, phala-js/javascript, phala-js/python")
    }

    @Test func phalaJSTightensEveryKeySeparatorEvenInsideStrings() throws {
        let compose = #"{"name":"a","docker_compose_file":"x: \"y\": z \"q\":  two","empty":{},"none":[]}"#
        let expected = [
            "{", #"    "docker_compose_file":"x: \"y\":z \"q\": two","#, #"    "empty":{},"#, #"    "name":"a","#,
            #"    "none":[]"#, "}",
        ].joined(separator: "\n")
        #expect(try text(compose, .phalaJS, .normalized) == expected)
    }

    @Test(arguments: [
        (#"{"runner":"bash","docker_compose_file":"x","bash_script":"y"}"#, #"{"bash_script":"y","runner":"bash"}"#),
        (
            #"{"runner":"docker-compose","docker_compose_file":"x","bash_script":"y"}"#,
            #"{"docker_compose_file":"x","runner":"docker-compose"}"#
        ),
        (#"{"pre_launch_script":""}"#, "{}"),
        (#"{"pre_launch_script":null}"#, "{}"),
        (#"{"pre_launch_script":false}"#, "{}"),
        (#"{"pre_launch_script":0}"#, "{}"),
        (#"{"pre_launch_script":" "}"#, #"{"pre_launch_script":" "}"#),
        (#"{"a":{"pre_launch_script":""}}"#, #"{"a":{"pre_launch_script":""}}"#),
        (#"{"runner":"other","docker_compose_file":"","bash_script":""}"#, nil),
    ])
    func normalisationDropsOnlyWhatTheRunnerDoesNotUse(compose: String, expected: String?) throws {
        #expect(try text(compose, .dstackSDK, .normalized) == expected ?? text(compose))
        #expect(try text(compose, .dstackSDK, .asIs) != "{}")
    }

    @Test func nullsAreLeftOutAtTheTopOnly() throws {
        let compose = #"{"a":null,"b":{"c":null},"pre_launch_script":""}"#
        #expect(try text(compose, .dstackSDK, .withoutNulls) == #"{"b":{"c":null},"pre_launch_script":""}"#)
        #expect(try text(compose, .dstackSDK, .normalizedWithoutNulls) == #"{"b":{"c":null}}"#)
    }

    @Test func whereLanguagesDisagreeEachHasItsCandidate() throws {
        let compose = try object(
            """
            {"b":1.0,"10":1e16,"9":9007199254740993,"a":-0,"😀":1e-7,"Ａ":0.00001,"e":[1E2,1.50,-0.0,\
            123456789012345678901234567890,1e21,1e-6,0.1e1,5e-324,1.7976931348623157e308,100000000000000000000.0,\
            12345678901234567.0],"01":{"2":1,"1":2}}
            """)
        let texts = Dictionary(
            uniqueKeysWithValues: ComposeCandidates.of(compose).flatMap { candidate in
                candidate.serializations.map { ($0.label, candidate.canonicalText) }
            })
        #expect(
            texts["dstack-sdk/javascript"] == """
                {"9":9007199254740992,"10":10000000000000000,"01":{"1":2,"2":1},"a":0,"b":1,"e":[100,1.5,0,\
                1.2345678901234568e+29,1e+21,0.000001,1,5e-324,1.7976931348623157e+308,100000000000000000000,\
                12345678901234568],"😀":1e-7,"Ａ":0.00001}
                """)
        #expect(
            texts["dstack-sdk/python"] == """
                {"01":{"1":2,"2":1},"10":1e+16,"9":9007199254740993,"a":0,"b":1.0,"e":[100.0,1.5,-0.0,\
                123456789012345678901234567890,1e+21,1e-06,1.0,5e-324,1.7976931348623157e+308,1e+20,\
                1.2345678901234568e+16],"Ａ":1e-05,"😀":1e-07}
                """)
        #expect(
            texts["dstack-sdk"] == """
                {"01":{"1":2,"2":1},"10":1e16,"9":9007199254740993,"a":-0,"b":1.0,"e":[1E2,1.50,-0.0,\
                123456789012345678901234567890,1e21,1e-6,0.1e1,5e-324,1.7976931348623157e308,\
                100000000000000000000.0,12345678901234567.0],"Ａ":0.00001,"😀":1e-7}
                """)
        let hashes = ComposeCandidates.of(compose).map(\.hash.hex)
        #expect(hashes.contains("0x09bfa9b29d48af0bf28bec6cdcb3ff282eb5ee023a918249d2c3896a7e97bd80"))
        #expect(hashes.contains("0x3076b11d2b7372d1af0768cd7fa8727de5f109ff71678af5804a020f9804c374"))
        #expect(hashes.contains("0x8ec60603f3f8f9b87820989f1baee55065e220fef1de2ef476ccdf332584a2c7"))
    }

    @Test(arguments: [
        "{}", #"{"runner":"docker-compose"}"#, #"{"runner":"bash","docker_compose_file":"a","pre_launch_script":""}"#,
        #"{"a":null,"b":{"10":1,"9":2}}"#, #"{"a":[{"10":1,"9":2}]}"#, #"{"a":"é","b":1.0}"#,
        #"{"a":"e\u0301","b":-0}"#,
        #"{"a":"x: \"y\": z","pre_launch_script":[]}"#,
    ])
    func allHashesAtOnceAreThoseOfEachWay(_ text: String) throws {
        let compose = try object(text)
        #expect(ComposeSerialization.hashes(of: compose) == ComposeSerialization.all.map { $0.hash(of: compose) })
    }

    @Test func aHashNarrowsTheWaysInWhichTheNextObjectMayBeHashed() throws {
        let base = try object(#"{"runner":"docker-compose","name":"a"}"#)
        let next = try object(#"{"runner":"docker-compose","name":"a","pre_launch_script":""}"#)
        let phala = ComposeSerialization(form: .phalaJS, preparation: .normalized)
        let ways = ComposeCandidates.serializations(of: base, giving: phala.hash(of: base))
        #expect(ways.allSatisfy { $0.form == .phalaJS } && ways.contains(phala))
        #expect(ComposeCandidates.serialization(of: next, giving: phala.hash(of: next), among: ways) == phala)

        let dstack = ComposeSerialization(form: .dstackSDK, preparation: .asIs).hash(of: next)
        #expect(ComposeCandidates.serialization(of: next, giving: dstack, among: ways) == nil)
        #expect(ComposeCandidates.serializations(of: base, giving: dstack).isEmpty)
    }

    @Test func labelsNameExactlyOneWayEach() {
        #expect(Set(ComposeSerialization.all.map(\.label)).count == ComposeSerialization.all.count)
        for way in ComposeSerialization.all { #expect(ComposeSerialization(label: way.label) == way) }
        #expect(ComposeSerialization(label: "dstack-sdk/as-is") == nil)
    }

    @Test func aHashIsReadInEverySpellingOfTheService() throws {
        let bare = String(repeating: "Ab", count: 32)
        #expect(try ComposeHash(spelled: bare).hex == "0x" + bare.lowercased())
        #expect(try ComposeHash(spelled: "0x" + bare) == ComposeHash(spelled: bare))
        for wrong in ["", "0x", "0x" + bare + "00", String(bare.dropLast()), "0X" + bare, " " + bare] {
            #expect(throws: (any Error).self) { try ComposeHash(spelled: wrong) }
        }
    }
}
