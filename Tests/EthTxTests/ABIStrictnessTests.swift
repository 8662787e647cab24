// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Contract ABI, strict decoding")
struct ABIStrictnessTests {
    @Test("Dirty padding, cut data and wild offsets are refused by name")
    func faults() throws {
        let one = UInt256(1).bigEndianBytes
        let wide = UInt256.max.bigEndianBytes
        let cases: [([UInt8], ABIType, ABIError)] = [
            ([], .bool, .truncated(offset: 0)), (Array(one.dropLast()), .bool, .truncated(offset: 0)),
            (UInt256(2).bigEndianBytes, .bool, .invalidBool(offset: 0)), (wide, .address, .dirtyPadding(offset: 0)),
            (UInt256(256).bigEndianBytes, .uint(bits: 8), .dirtyPadding(offset: 0)),
            (UInt256(128).bigEndianBytes, .int(bits: 8), .dirtyPadding(offset: 0)),
            (one, .fixedBytes(count: 4), .dirtyPadding(offset: 0)), (wide, .string, .invalidOffset(offset: 0)),
            (UInt256(32).bigEndianBytes + wide, .string, .truncated(offset: 32)),
            (UInt256(32).bigEndianBytes + wide, .array(of: .bool), .truncated(offset: 32)),
            (UInt256(32).bigEndianBytes + one + [0x61], .string, .truncated(offset: 64)),
            (UInt256(32).bigEndianBytes + one + wide, .string, .dirtyPadding(offset: 32)),
            (
                UInt256(32).bigEndianBytes + one + [0xff] + [UInt8](repeating: 0, count: 31), .string,
                .invalidUTF8(offset: 32)
            ),
        ]
        for (data, type, error) in cases {
            for strictness in [ABIStrictness.canonical, .returned] {
                #expect(throws: error) { try ABI.decode(data, as: [type], strictness: strictness) }
            }
        }
        #expect(try ABI.decode(wide, as: [.int(bits: 8)]) == [.int(-1)])
    }

    @Test("Bytes behind the values, or a tail elsewhere, are fine in what contracts return and nowhere else")
    func returned() throws {
        let trailing = UInt256(1).bigEndianBytes + UInt256(7).bigEndianBytes
        #expect(try ABI.decode(trailing, as: [.bool], strictness: .returned) == [.bool(true)])
        #expect(throws: ABIError.trailingBytes(offset: 32)) { try ABI.decode(trailing, as: [.bool]) }
        let gap = UInt256(64).bigEndianBytes + UInt256(9).bigEndianBytes + UInt256(0).bigEndianBytes
        #expect(try ABI.decode(gap, as: [.bytes], strictness: .returned) == [.bytes([])])
        #expect(throws: ABIError.invalidOffset(offset: 0)) { try ABI.decode(gap, as: [.bytes]) }
    }

    @Test("Offsets that all point to one place cannot multiply the values")
    func bomb() throws {
        // Each level is an array whose elements are all the next level: 100^8 values in a few kilobytes.
        var type = ABIType.bytes
        for _ in 0..<8 { type = .array(of: type) }
        var data = UInt256(32).bigEndianBytes
        for _ in 0..<8 {
            data += UInt256(100).bigEndianBytes
            for _ in 0..<100 { data += UInt256(100 * 32).bigEndianBytes }
        }
        data += UInt256(0).bigEndianBytes
        #expect(throws: ABIError.tooManyValues) { try ABI.decode(data, as: [type], strictness: .returned) }
        #expect(throws: ABIError.self) { try ABI.decode(data, as: [type]) }
    }

    @Test("What is encoded decodes to the same; what is accepted after changes encodes to the same bytes")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let types = (0..<Int(random.next() % 4)).map { _ in random.abiType(depth: 0) }
            let values = types.map { random.abiValue($0) }
            let data = try ABI.encode(values, as: types)
            #expect(try ABI.decode(data, as: types) == values, "\(random)")
            #expect(try ABI.decode(data, as: types, strictness: .returned) == values, "\(random)")
            for type in types { #expect(try ABIType(parsing: type.name) == type, "\(random)") }
            guard !data.isEmpty else { continue }
            #expect(throws: ABIError.self, "\(random)") { try ABI.decode(data + [0], as: types) }
            #expect(throws: ABIError.self, "\(random)") { try ABI.decode(Array(data.dropLast()), as: types) }
            for _ in 0..<20 {
                var changed = data
                changed[Int.random(in: changed.indices, using: &random)] ^= 1 << UInt8(random.next() % 8)
                guard let accepted = decode(changed, types) else { continue }
                #expect(try ABI.encode(accepted, as: types) == changed, "\(random)")
            }
        }
    }

    private func decode(_ data: [UInt8], _ types: [ABIType]) -> [ABIValue]? {
        do {
            return try ABI.decode(data, as: types)
        } catch {
            return nil
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func abiType(depth: Int) -> ABIType {
        switch next() % (depth < 3 ? 10 : 7) {
        case 0: .uint(bits: 8 * Int.random(in: 1...32, using: &self))
        case 1: .int(bits: 8 * Int.random(in: 1...32, using: &self))
        case 2: .bool
        case 3: .address
        case 4: .fixedBytes(count: Int.random(in: 1...32, using: &self))
        case 5: .bytes
        case 6: .string
        case 7: .array(of: abiType(depth: depth + 1))
        case 8: .fixedArray(of: abiType(depth: depth + 1), count: Int.random(in: 1...3, using: &self))
        default: .tuple((0...Int(next() % 3)).map { _ in abiType(depth: depth + 1) })
        }
    }

    fileprivate mutating func abiValue(_ type: ABIType) -> ABIValue {
        switch type {
        case .uint(let bits): .uint(UInt256(bigEndianBytes: bytes(upTo: bits / 8)) ?? .zero)
        case .int(let bits): .int(signed(bits))
        case .bool: .bool(next() & 1 == 1)
        case .address: .address(address())
        case .fixedBytes(let count): .bytes(bytes(count))
        case .bytes: .bytes(bytes(upTo: 70))
        case .string: .string(String((0..<Int(next() % 40)).map { _ in ["a", "é", "漢", "🚀"][Int(next() % 4)] }))
        case .array(let element): .array((0..<Int(next() % 4)).map { _ in abiValue(element) })
        case .fixedArray(let element, let count): .array((0..<count).map { _ in abiValue(element) })
        case .tuple(let members): .tuple(members.map { abiValue($0) })
        }
    }

    private mutating func signed(_ bits: Int) -> Int256 {
        var magnitude = bytes(bits / 8)
        magnitude[0] &= 0x7f
        return Int256(magnitude: UInt256(bigEndianBytes: magnitude) ?? .zero, isNegative: next() & 1 == 1) ?? 0
    }
}
