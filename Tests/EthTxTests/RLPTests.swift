// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("RLP")
struct RLPTests {
    @Test("The worked examples of the specification")
    func examples() throws {
        let text = "Lorem ipsum dolor sit amet, consectetur adipisicing elit"
        let examples: [(RLPItem, String)] = [
            (.bytes(Array("dog".utf8)), "0x83646f67"),
            ([.bytes(Array("cat".utf8)), .bytes(Array("dog".utf8))], "0xc88363617483646f67"),
            (.bytes([]), "0x80"), ([], "0xc0"), (.bytes([0]), "0x00"), (.bytes([0x0f]), "0x0f"),
            (.bytes([0x04, 0x00]), "0x820400"), (.bytes([0x80]), "0x8180"),
            ([[], [[]], [[], [[]]]], "0xc7c0c1c0c3c0c1c0"),
            (.bytes(Array(text.utf8)), "0xb838" + Hex.encodeBare(Array(text.utf8))),
        ]
        for (item, encoded) in examples {
            #expect(Hex.encode(item.encoded) == encoded)
            #expect(try RLPItem(decoding: Hex.decode(encoded)) == item)
        }
    }

    @Test(
        "Every form that is not canonical has its own error",
        arguments: [
            ("0x", RLPError.emptyInput), ("0x81", .truncated(offset: 0)), ("0xb8", .truncated(offset: 0)),
            ("0xc1", .truncated(offset: 0)), ("0xb83800", .truncated(offset: 0)), ("0x8000", .trailingBytes(offset: 1)),
            ("0xc100c0", .trailingBytes(offset: 2)), ("0x8100", .nonMinimalSingleByte(offset: 0)),
            ("0x817f", .nonMinimalSingleByte(offset: 0)), ("0xc2817f", .nonMinimalSingleByte(offset: 1)),
            ("0xb80101", .longFormForShort(offset: 0)), ("0xf800", .leadingZeroLength(offset: 0)),
            ("0xb90001", .leadingZeroLength(offset: 0)), ("0xbb80000000", .lengthOverflow(offset: 0)),
            ("0xbfffffffffffffffff", .lengthOverflow(offset: 0)), ("0xff8000000000000001", .lengthOverflow(offset: 0)),
            ("0xc28201", .itemExceedsList(offset: 1)), ("0xc3c20102c0", .trailingBytes(offset: 4)),
            ("0xc2c201", .itemExceedsList(offset: 1)), ("0xc1b8", .itemExceedsList(offset: 1)),
        ])
    func faults(text: String, error: RLPError) throws {
        let bytes = try Hex.decode(text)
        #expect(throws: error) { try RLPItem(decoding: bytes) }
        #expect(throws: error) { try RLP.validate(bytes) }
    }

    @Test("Nine bytes that overflow a naive addition are refused, not fatal")
    func nineBytes() {
        for first: UInt8 in [0xbf, 0xff] {
            for second: UInt8 in [0x7f, 0xff] {
                #expect(throws: RLPError.lengthOverflow(offset: 0)) {
                    try RLP.validate([first, second] + [UInt8](repeating: 0xff, count: 7))
                }
            }
        }
    }

    @Test("Depth, size and number of items are limited")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] {
            var encoder = RLPEncoder()
            for _ in 0..<depth { encoder.closeList(since: 0) }
            return encoder.bytes
        }
        #expect(try RLP.validate(nested(256)) == 256)
        #expect(try RLPItem(decoding: nested(256)).encoded == nested(256))
        #expect(throws: RLPError.tooDeep(limit: 256)) { try RLP.validate(nested(257)) }
        #expect(throws: RLPError.tooDeep(limit: 256)) { try RLP.validate(nested(100_000)) }
        #expect(throws: RLPError.tooDeep(limit: 3)) { try RLP.validate(nested(4), limits: RLPLimits(depth: 3)) }
        #expect(throws: RLPError.tooLong(bytes: 11, limit: 10)) {
            try RLP.validate([UInt8](repeating: 1, count: 11), limits: RLPLimits(bytes: 10))
        }
        #expect(throws: RLPError.tooManyItems(limit: 3)) {
            try RLP.validate([0xc3, 1, 2, 3], limits: RLPLimits(items: 3))
        }
        #expect(RLPLimits(depth: 1000).depth == 256)
    }

    @Test("A cursor reads typed fields and refuses the wrong kind")
    func cursor() throws {
        let encoded = ([.bytes([1, 2]), [.bytes([3])], .bytes([])] as RLPItem).encoded
        let sum = try RLPCursor.read(encoded) { cursor throws(RLPError) in
            let first = try cursor.bytes().reduce(0) { $0 + Int($1) }
            #expect(cursor.isAtList)
            var inner = try cursor.list()
            let second = try inner.bytes().reduce(0) { $0 + Int($1) }
            try cursor.skip()
            return first + second
        }
        #expect(sum == 6)
        #expect(throws: RLPError.unexpectedString(offset: 1)) {
            try RLPCursor.read(encoded) { cursor throws(RLPError) in _ = try cursor.list() }
        }
        #expect(throws: RLPError.trailingBytes(offset: 4)) {
            try RLPCursor.read(encoded) { cursor throws(RLPError) in _ = try cursor.bytes() }
        }
        #expect(throws: RLPError.missingItem(offset: 1)) {
            try RLPCursor.read([0xc0]) { cursor throws(RLPError) in _ = try cursor.bytes() }
        }
        #expect(throws: RLPError.unexpectedString(offset: 0)) {
            try RLPCursor.read([0x01]) { cursor throws(RLPError) in try cursor.skip() }
        }
    }

    @Test("Integers are written without leading zeros")
    func integers() {
        var random = SeededGenerator()
        var values: [UInt64] = [0, 1, 0x7f, 0x80, 0xff, 0x100, .max]
        for _ in 0..<100 { values.append(random.next() >> UInt64.random(in: 0..<64, using: &random)) }
        for value in values {
            var encoder = RLPEncoder()
            encoder.prepend(value)
            let narrow = encoder.bytes
            encoder.removeAll()
            encoder.prepend(UInt256(value))
            #expect(narrow == encoder.bytes, "\(random)")
            #expect(narrow == RLPItem.bytes(UInt256(value).minimalBigEndianBytes).encoded, "\(random)")
        }
    }
}
