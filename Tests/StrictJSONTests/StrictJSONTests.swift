// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import TestSupport
import Testing

@Suite("JSON loses nothing of what was written, and nothing else is accepted")
struct StrictJSONTests {
    @Test(
        "What is no JSON text of RFC 8259 is refused",
        arguments: [
            "", " ", "nul", "nulll", "True", "+1", "01", "-", "1.", ".5", "1e", "1e+", "0x1", "NaN", "'a'", "\"a",
            "\"\t\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "[1,]", "[,1]",
            "[1 2]",
            "[1", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":1", "1 2", "[]]", "\u{feff}1",
        ])
    func refused(text: String) {
        #expect(throws: JSONParseError.self) { try JSON(parsing: text) }
    }

    @Test("Bytes that are not UTF-8 are refused, in values and in keys")
    func invalidUTF8() {
        for bytes in [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]] as [[UInt8]] {
            #expect(throws: JSONParseError.invalidUTF8(offset: 1)) { try JSON(parsing: [0x22] + bytes + [0x22]) }
            let object = Array("{\"".utf8) + bytes + Array("\":1}".utf8)
            #expect(throws: JSONParseError.invalidUTF8(offset: 2)) { try JSON(parsing: object) }
        }
    }

    @Test("A key is compared by its bytes: twice the same is refused, another normal form is another key")
    func keys() throws {
        #expect(throws: JSONParseError.duplicateKey("a", offset: 7)) { try JSON(parsing: #"{"a":1,"\u0061":2}"#) }
        let many = (0..<40).map { "\"k\($0)\":0" }.joined(separator: ",")
        #expect(throws: JSONParseError.self) { try JSON(parsing: "{\(many),\"k39\":0}") }
        let both = try JSON(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
        #expect(both["\u{e9}"] == 1 && both["e\u{301}"] == 2)
        #expect(both.text == "{\"\u{e9}\":1,\"e\u{301}\":2}")
    }

    @Test("What ends or forbids a string is seen at every place, whatever stands around it")
    func placesInStrings() throws {
        for length in 0..<26 {
            let plain = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            #expect(try JSON(parsing: [0x22] + plain + [0x22]).string?.utf8.count == length)
            for place in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var text = plain
                    text[place] = byte
                    let result = Result { try JSON(parsing: [0x22] + text + [0x22]) }
                    switch byte {
                    case 0..<0x20:
                        #expect(throws: JSONParseError.unexpectedByte(byte, offset: place + 1)) { try result.get() }
                    case 0x22:
                        #expect(throws: JSONParseError.trailingBytes(offset: place + 2)) { try result.get() }
                    case 0x5c:
                        #expect(throws: JSONParseError.self) { try result.get() }
                    case 0x80...:
                        #expect(throws: JSONParseError.invalidUTF8(offset: 1)) { try result.get() }
                    default:
                        #expect(try result.get().string.map { Array($0.utf8) } == text)
                    }
                }
                let accented = plain[..<place] + Array("é€😀\\n\\u00e9".utf8) + plain[place...]
                let expected =
                    String(repeating: "a", count: place) + "é€😀\né" + String(repeating: "a", count: length - place)
                #expect(
                    try JSON(parsing: [0x22] + accented + [0x22]).string.map { Array($0.utf8) } == Array(expected.utf8))
            }
        }
    }

    @Test("Objects of any size keep their keys apart, find each of them and refuse the second of each")
    func manyKeys() throws {
        for count in [1, 2, 31, 32, 33, 63, 64, 65, 66, 200] {
            let keys = (0..<count).map { "key-\($0)-" + String(repeating: "x", count: $0 % 20) }
            let members = keys.enumerated().map { "\"\($1)\":\($0)" }
            // The second object has the same keys as the first, which are no duplicates.
            let json = try JSON(parsing: "[{\(members.joined(separator: ","))},{\(members.joined(separator: ","))}]")
            for object in try #require(json.array) {
                for (index, key) in keys.enumerated() { #expect(object[key]?.number?.exactly(Int.self) == index) }
                #expect(object["key"] == nil)
            }
            for index in [0, count / 2, count - 1] {
                let text = "{\(members.joined(separator: ",")),\"\(keys[index])\":{\"a\":1}}"
                #expect {
                    try JSON(parsing: text)
                } throws: { error in
                    guard case .duplicateKey(keys[index], _)? = error as? JSONParseError else { return false }
                    return true
                }
            }
            // Keys of an object inside do not count.
            let nested = "{\(members.joined(separator: ",")),\"inner\":{\(members.joined(separator: ","))},\"last\":0}"
            #expect(try JSON(parsing: nested).object?.count == count + 2)
        }
    }

    @Test("Limits are exact")
    func limits() throws {
        _ = try JSON(parsing: "[[1]]", limits: JSONLimits(bytes: 5, depth: 2))
        #expect(throws: JSONParseError.tooDeep(offset: 1, limit: 1)) {
            try JSON(parsing: "[[1]]", limits: JSONLimits(depth: 1))
        }
        #expect(throws: JSONParseError.tooLong(bytes: 5, limit: 4)) {
            try JSON(parsing: "[[1]]", limits: JSONLimits(bytes: 4))
        }
        #expect(throws: JSONParseError.self) { try JSON(parsing: String(repeating: "[", count: 1_000_000)) }
    }

    @Test("Order, spelling of numbers and characters are kept; only white space and escapes are not")
    func text() throws {
        let text = #" { "b" : [ 1.0 , -0, 1E+2, 12345678901234567890123 ], "a" : "\u00e9\/\u0000\n\"\\" , "" : null } "#
        let expected = #"{"b":[1.0,-0,1E+2,12345678901234567890123],"a":"é/\u0000\n\"\\","":null}"#
        let json = try JSON(parsing: text)
        #expect(json.text == expected)
        #expect(json.sortedByKey().text.hasPrefix(#"{"":null,"a":"#))
        #expect(json.indentedText(by: 2).hasPrefix("{\n  \"b\": [\n    1.0,\n"))
        #expect(json.sortedByKey() == json, "order is no part of the value")
        #expect(try JSON(parsing: "1.0") != JSON(parsing: "1"), "spelling is")
    }

    @Test("A number is an integer only as it is written")
    func numbers() throws {
        func number(_ text: String) throws -> JSONNumber { try #require(try JSON(parsing: text).number) }
        #expect(try number("255").exactly(UInt8.self) == 255)
        #expect(try number("256").exactly(UInt8.self) == nil)
        #expect(try number("-1").exactly(UInt64.self) == nil)
        #expect(try number("1.0").exactly(Int.self) == nil)
        #expect(try number("1e2").exactly(Int.self) == nil)
        #expect(try number("18446744073709551615").exactly(UInt64.self) == .max)
        #expect(try number("1e2").double == 100)
        #expect(try number("1e400").double == nil)
    }

    @Test("Setting a member replaces it in its place, appends it, or removes it")
    func members() throws {
        var object = try #require(try JSON(parsing: #"{"a":1,"b":2,"c":3}"#).object)
        object["b"] = "x"
        object["d"] = .null
        object["a"] = nil
        #expect(JSON.object(object).text == #"{"b":"x","c":3,"d":null}"#)
    }

    @Test("A cursor names the place and what is there")
    func cursor() throws {
        let root = JSONCursor(try JSON(parsing: #"{"a":[{"b":null},{"b":"x"}]}"#))
        let items = try root["a"].array()
        #expect(items.map { $0["b"].path } == ["$.a[0].b", "$.a[1].b"])
        #expect(items[0]["b"].isMissing && !items[0]["b"].isAbsent && items[0]["c"].isAbsent)
        #expect(JSONCursor([])[0].isAbsent && JSONCursor([.null])[0].isMissing && JSONCursor([])[0].value == nil)
        #expect(throws: JSONShapeError(path: "$.a[1].b", expected: "integer", found: "\"x\"")) {
            try items[1]["b"].integer(Int.self)
        }
        #expect(throws: JSONShapeError(path: "$.x.y", expected: "object", found: "nothing")) {
            try root["x"]["y"].object()
        }
        #expect(try items[0]["b"].optional { cursor throws(JSONShapeError) in try cursor.string() } == nil)
    }

    @Test("A long key does not weigh on every element of its array")
    func longKey() throws {
        // As texts, the paths of these elements would take 50 GB.
        let key = String(repeating: "k", count: 500_000)
        let root = JSONCursor(["deep": .object([key: .array([JSON](repeating: 0, count: 100_000))])])
        let elements = try root["deep"][key].array()
        #expect(elements.count == 100_000)
        #expect(elements.last?.path == "$.deep.\(key)[99999]")
    }

    @Test("Random values are written and read back the same")
    func roundTrip() throws {
        var generator = SeededGenerator()
        for _ in 0..<500 {
            let json = generator.json(depth: 4)
            let comment = Comment(rawValue: generator.description)
            #expect(try JSON(parsing: json.text) == json, comment)
            #expect(try JSON(parsing: json.indentedText(by: 3)) == json, comment)
            #expect(try JSON(parsing: json.text).text.utf8.elementsEqual(json.text.utf8), comment)
            let text = Array(json.text.utf8)
            if json.object != nil || json.array != nil || json.string != nil {
                let cut = Array(text.prefix(Int.random(in: 0..<text.count, using: &generator)))
                #expect(throws: JSONParseError.self, comment) { try JSON(parsing: cut) }
            }
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func json(depth: Int) -> JSON {
        switch next() % (depth == 0 ? 4 : 6) {
        case 0: return .null
        case 1: return .bool(next() % 2 == 0)
        case 2: return .number(JSONNumber(Int64(truncatingIfNeeded: next()) >> Int64(next() % 64)))
        case 3: return .string(text())
        case 4: return .array((0..<Int(next() % 4)).map { _ in json(depth: depth - 1) })
        default:
            var object = JSONObject()
            for _ in 0..<Int(next() % 4) { object[text()] = json(depth: depth - 1) }
            return .object(object)
        }
    }

    private mutating func text() -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int(next() % 6) {
            let limit: UInt32 = [0x30, 0x80, 0x800, 0x11_0000][Int(next() % 4)]
            text.append(Unicode.Scalar(UInt32.random(in: 0..<limit, using: &self)) ?? "\u{fffd}")
        }
        return String(text)
    }
}
