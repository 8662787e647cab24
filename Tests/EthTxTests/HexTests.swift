// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Hex data and quantities")
struct HexTests {
    @Test("Bytes come back from their text")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let bytes = random.bytes(upTo: 80)
            #expect(try Hex.decode(Hex.encode(bytes)) == bytes, "\(random)")
            #expect(try Hex.decodeBare(Hex.encodeBare(bytes)) == bytes, "\(random)")
            #expect(try Hex.decode("0x" + Hex.encodeBare(bytes).uppercased()) == bytes, "\(random)")
        }
    }

    @Test("Text that is no hex data is refused with the fault")
    func refusals() {
        #expect(throws: HexError.missingPrefix) { try Hex.decode("1234") }
        #expect(throws: HexError.missingPrefix) { try Hex.decode("0X12") }
        #expect(throws: HexError.missingPrefix) { try Hex.decode("") }
        #expect(throws: HexError.oddDigitCount(3)) { try Hex.decode("0x123") }
        #expect(throws: HexError.invalidDigit(offset: 3)) { try Hex.decode("0x1g") }
        #expect(throws: HexError.invalidDigit(offset: 2)) { try Hex.decode("0x１２") }
        #expect(throws: HexError.invalidDigit(offset: 4)) { try Hex.decode("0x12\n") }
        #expect(throws: HexError.wrongLength(expected: 32, found: 1)) { try Bytes32(hex: "0x12") }
    }

    @Test(
        "A quantity has no leading zeros and at least one digit",
        arguments: [
            ("0x0", nil), ("0x41", nil), ("0x400", nil), ("0xfF", nil), ("0x", QuantityError.noDigits),
            ("0x0400", .leadingZero), ("0x00", .leadingZero), ("ff", .missingPrefix), ("", .missingPrefix),
            ("0x1g", .invalidDigit(offset: 3)), ("0x1" + String(repeating: "0", count: 64), .overflow(bits: 256)),
        ])
    func quantities(text: String, error: QuantityError?) throws {
        if let error {
            #expect(throws: error) { try Quantity.decode(text) }
        } else {
            #expect(try Quantity.encode(Quantity.decode(text)) == text.lowercased())
        }
    }

    @Test("A quantity of 64 bits does not take more")
    func quantity64() throws {
        #expect(try Quantity.decodeUInt64("0xffffffffffffffff") == .max)
        #expect(throws: QuantityError.overflow(bits: 64)) { try Quantity.decodeUInt64("0x10000000000000000") }
        #expect(try Quantity.decode("0x" + String(repeating: "f", count: 64)) == .max)
    }

    @Test("Hashes are ordered as their text, and kinds are told apart by type")
    func hashes() throws {
        var random = SeededGenerator()
        for _ in 0..<100 {
            let left = random.bytes(32)
            let right = random.bytes(32)
            let a = try #require(TransactionHash(bytes: left))
            let b = try #require(TransactionHash(bytes: right))
            #expect((a < b) == (a.hex < b.hex), "\(random)")
            #expect(try TransactionHash(hex: a.hex) == a, "\(random)")
            #expect(a.bytes == left, "\(random)")
        }
        #expect(BlockHash(bytes: [1, 2]) == nil)
    }

    @Test("SHA-256 gives the published digest")
    func sha256() {
        #expect(
            SHA256.hash(Array("abc".utf8)).hex
                == "0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA256.hash([]).hex == "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
