// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

/// The shortcuts of the validating walk refuse what the long way refuses, by the same name and offset.
@Suite("RLP, the walk through a list")
struct RLPWalkTests {
    /// A list of a byte string and what is put behind it.
    private static func list(_ tail: [UInt8]) -> [UInt8] {
        let body = [0x82, 0xaa, 0xbb] + tail
        return body.count < 56 ? [0xc0 + UInt8(body.count)] + body : [0xf8, UInt8(body.count)] + body
    }

    @Test("An item that is wrong inside a list is named with its offset")
    func faults() {
        #expect(throws: RLPError.nonMinimalSingleByte(offset: 4)) { try RLP.validate(Self.list([0x81, 0x7f])) }
        #expect(throws: RLPError.itemExceedsList(offset: 4)) { try RLP.validate(Self.list([0x81])) }
        #expect(throws: RLPError.itemExceedsList(offset: 4)) { try RLP.validate(Self.list([0xb7, 0])) }
        let hash = [0xa0] + [UInt8](repeating: 1, count: 31)
        #expect(throws: RLPError.itemExceedsList(offset: 4)) { try RLP.validate(Self.list(hash)) }
        #expect(throws: RLPError.longFormForShort(offset: 4)) { try RLP.validate(Self.list([0xb8, 1, 0x80])) }
    }

    @Test("What is right at the end of a list is accepted")
    func ends() throws {
        #expect(try RLP.validate(Self.list([0x81, 0x80])) == 3)
        #expect(try RLP.validate(Self.list([0x7f])) == 3)
        #expect(try RLP.validate(Self.list([0x80])) == 3)
        #expect(try RLP.validate(Self.list([0xa0] + [UInt8](repeating: 1, count: 32))) == 3)
        #expect(try RLP.validate(Self.list([0xc1, 0x05, 0x06])) == 5)
    }

    @Test("Items of every shape count against the limit")
    func limits() throws {
        let hash = [0xa0] + [UInt8](repeating: 1, count: 32)
        for tail in [[0x05], [0x82, 1, 2], hash, [0xc0]] {
            #expect(try RLP.validate(Self.list(tail), limits: RLPLimits(items: 3)) == 3)
            #expect(throws: RLPError.tooManyItems(limit: 2)) {
                try RLP.validate(Self.list(tail), limits: RLPLimits(items: 2))
            }
        }
    }

    @Test("Every single byte decodes to itself", arguments: 0...255 as ClosedRange<UInt8>)
    func singleBytes(byte: UInt8) throws {
        let encoded = byte < 0x80 ? [byte] : [0x81, byte]
        #expect(try RLPItem(decoding: encoded) == .bytes([byte]))
        #expect(try RLPItem(decoding: Self.list(encoded)) == [.bytes([0xaa, 0xbb]), .bytes([byte])])
    }
}
