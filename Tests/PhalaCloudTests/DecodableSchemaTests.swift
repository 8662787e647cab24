// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON
import Testing

@Suite struct DecodableSchemaTests {
    private enum Colour: String, Decodable { case red, blue }

    private struct Part: Decodable, Hashable {
        let name: String
        let size: UInt8?
    }

    private struct Whole: CloudSchema, Decodable {
        enum CodingKeys: String, CodingKey {
            case appID = "app_id"
            case count, ratio, isOn, colour, parts, optionalParts, byName, nested, big
        }

        let appID: String
        let count: Int
        let ratio: Double
        let isOn: Bool
        let colour: Colour
        let parts: [Part]
        let optionalParts: [Part?]?
        let byName: [String: Part]
        let nested: [[Int?]]
        let big: UInt128?
    }

    private static let good = """
        {"app_id":"a","count":-3,"ratio":1.5,"isOn":true,"colour":"red","parts":[{"name":"p","size":255,"more":{}}],\
        "optionalParts":[null,{"name":"q"}],"byName":{"x":{"name":"r","size":null}},"nested":[[1,null],[]],\
        "unknown":[1],"big":340282366920938463463374607431768211455}
        """

    private func decode<Value: CloudSchema>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try Value(decoding: JSONCursor(try JSON(parsing: text)))
    }

    @Test func aStructNeedsNothingButItsFields() throws {
        let whole: Whole = try decode(Self.good)
        #expect(whole.appID == "a" && whole.count == -3 && whole.ratio == 1.5 && whole.isOn && whole.colour == .red)
        #expect(whole.parts == [Part(name: "p", size: 255)])
        #expect(whole.optionalParts == [nil, Part(name: "q", size: nil)])
        #expect(whole.byName == ["x": Part(name: "r", size: nil)])
        #expect(whole.nested == [[1, nil], []] && whole.big == .max)
        #expect(try decode("[\(Self.good)]", as: [Whole].self).count == 1)
        #expect(
            try decode(Self.good.replacing(#","big":340282366920938463463374607431768211455"#, with: "")).big == nil
                as UInt128?)
    }

    private func decode(_ text: String) throws -> Whole { try decode(text, as: Whole.self) }

    @Test(arguments: [
        (#""app_id":"a""#, #""app_id":7"#, "$.app_id", "string", "7"),
        (#""app_id":"a","#, "", "$.app_id", "string", "nothing"),
        (#""app_id":"a""#, #""app_id":null"#, "$.app_id", "string", "null"),
        (#""count":-3"#, #""count":1.0"#, "$.count", "integer", "1.0"),
        (#""count":-3"#, #""count":99999999999999999999"#, "$.count", "integer", "99999999999999999999"),
        (#""ratio":1.5"#, #""ratio":"x""#, "$.ratio", "number", #""x""#),
        (#""ratio":1.5"#, #""ratio":1e999"#, "$.ratio", "a number within the range of a double", "1e999"),
        (#""isOn":true"#, #""isOn":1"#, "$.isOn", "boolean", "1"),
        (#""size":255"#, #""size":256"#, "$.parts[0].size", "integer", "256"),
        (#""parts":["#, #""parts":[3,"#, "$.parts[0]", "object", "3"),
        (#"[{"name":"p","size":255,"more":{}}]"#, "{}", "$.parts", "array", "an object of 0"),
        (#"{"name":"q"}"#, #"{"nam":"q"}"#, "$.optionalParts[1].name", "string", "nothing"),
        (#"{"name":"r","size":null}"#, #"{"name":[]}"#, "$.byName.x.name", "string", "an array of 0"),
        ("[[1,null],[]]", "[[1,null],[true]]", "$.nested[1][0]", "integer", "true"),
    ])
    func aMismatchNamesItsPath(
        old: String, new: String, path: String, expected: String, found: String
    ) throws {
        #expect(throws: JSONShapeError(path: path, expected: expected, found: found)) {
            try decode(Self.good.replacing(old, with: new), as: Whole.self)
        }
    }

    @Test func whatATypeFindsWrongByItselfNamesItsPath() throws {
        do {
            _ = try decode(Self.good.replacing(#""red""#, with: #""green""#), as: Whole.self)
            Issue.record("accepted")
        } catch let error as JSONShapeError {
            #expect(error.path == "$.colour" && error.found == #""green""#)
            #expect(error.expected.contains("Colour"))
        }
        struct Odd: CloudSchema, Decodable {
            struct Refusal: Error {}
            init(from decoder: any Decoder) throws { throw Refusal() }
        }
        #expect(throws: JSONShapeError(path: "$", expected: "a value that Odd accepts", found: "1")) {
            try decode("1", as: Odd.self)
        }
    }

    @Test func handWrittenConformancesFindEveryKindOfContainer() throws {
        struct Custom: CloudSchema, Decodable {
            enum Keys: String, CodingKey { case inner, list }
            let a: Int
            let list: [String]
            let last: Bool

            init(from decoder: any Decoder) throws {
                let outer = try decoder.container(keyedBy: Keys.self)
                a = try outer.nestedContainer(keyedBy: Keys.self, forKey: .inner).decode(Int.self, forKey: .list)
                var elements = try outer.nestedUnkeyedContainer(forKey: .list)
                var words: [String] = []
                while !elements.isAtEnd {
                    if try elements.decodeNil() { continue }
                    words.append(try elements.decode(String.self))
                }
                list = words
                do {
                    _ = try elements.decode(Bool.self)
                    last = false
                } catch is DecodingError { last = true }
            }
        }
        let custom = try decode(#"{"inner":{"list":1},"list":["x",null,"y"]}"#, as: Custom.self)
        #expect(custom.a == 1 && custom.list == ["x", "y"] && custom.last)
        #expect(throws: JSONShapeError(path: "$.list[1]", expected: "string", found: "2")) {
            try decode(#"{"inner":{"list":1},"list":["x",2]}"#, as: Custom.self)
        }
    }

    @Test func aDictionaryOfManyMembersIsReadInTime() throws {
        struct Map: CloudSchema, Decodable {
            let map: [String: Int]
        }
        let members = (0..<50_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
        let map = try decode("{\"map\":{\(members)}}", as: Map.self).map
        #expect(map.count == 50_000 && map["k49999"] == 49_999)
    }

    @Test func enumsOfWordsAndPlainValuesAreSchemasToo() throws {
        enum Word: String, CloudSchema, Decodable { case on, off }
        #expect(try decode(#"["on","off"]"#, as: [Word].self) == [.on, .off])
        #expect(throws: JSONShapeError.self) { try decode(#""maybe""#, as: Word.self) }
    }

    @Test func propertiesAreFoundUnderTheSpellingOfTheService() throws {
        struct Mine: CloudSchema, Decodable, Hashable {
            let appID: String
            let vmUuid: String?
            let composeHash: String
            let memoryInGB: Int
            let exactName: Int
        }
        let mine: Mine = try decode(
            #"{"app_id":"a","vm_uuid":"u","compose_hash":"h","memory_in_gb":4,"exactName":1,"exact_name":2}"#)
        #expect(mine == Mine(appID: "a", vmUuid: "u", composeHash: "h", memoryInGB: 4, exactName: 1))
        #expect(throws: JSONShapeError(path: "$.app_id", expected: "string", found: "nothing")) {
            try decode("{}", as: Mine.self)
        }
    }
}
