// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("256-bit integers")
struct UInt256Tests {
    private func number(_ random: inout SeededGenerator) -> UInt256 {
        UInt256(bigEndianBytes: random.bytes(upTo: 32)) ?? .zero
    }

    @Test("Sum and difference undo each other, and report what passes the edge")
    func addition() {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let a = number(&random)
            let b = number(&random)
            let (sum, overflow) = a.addingReportingOverflow(b)
            let (back, borrow) = sum.subtractingReportingOverflow(b)
            #expect(back == a, "\(random)")
            #expect(overflow == borrow, "\(random)")
            #expect(overflow == (sum < a), "\(random)")
            #expect((a.subtracting(b) == nil) == (a < b), "\(random)")
        }
        #expect(UInt256.max.adding(1) == nil)
        #expect(UInt256.max.addingReportingOverflow(1).partialValue == 0)
        #expect(UInt256.zero.subtracting(1) == nil)
    }

    @Test("Multiplying and dividing by 64 bits undo each other")
    func division() throws {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let a = number(&random)
            let divisor = max(random.next() >> UInt64.random(in: 0..<64, using: &random), 1)
            let (quotient, remainder) = try #require(a.quotientAndRemainder(dividingBy: divisor))
            #expect(remainder < divisor, "\(random)")
            let product = try #require(quotient.multiplied(by: UInt256(divisor)))
            #expect(product.adding(UInt256(remainder)) == a, "\(random)")
        }
        #expect(UInt256(1).quotientAndRemainder(dividingBy: 0) == nil)
    }

    @Test("Products agree with 128-bit arithmetic, and with the distributive law beyond")
    func products() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let x = random.next()
            let y = random.next()
            #expect(UInt256(x).multiplied(by: UInt256(y)) == UInt256(exactly: UInt128(x) * UInt128(y)), "\(random)")
            let (a, b, c) = (number(&random), number(&random), number(&random))
            let left = a.multipliedReportingOverflow(by: b.addingReportingOverflow(c).partialValue).partialValue
            let right = a.multipliedReportingOverflow(by: b).partialValue
                .addingReportingOverflow(a.multipliedReportingOverflow(by: c).partialValue).partialValue
            #expect(left == right, "\(random)")
        }
        let half = try #require(UInt256(decimal: "340282366920938463463374607431768211456"))
        #expect(half.multiplied(by: half) == nil)
        #expect(UInt256.max.multipliedReportingOverflow(by: .max) == (1, true))
    }

    @Test("Decimal digits are exact at the edges")
    func decimals() {
        let greatest = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
        #expect(UInt256.max.decimal == greatest)
        #expect(UInt256(decimal: greatest) == .max)
        #expect(
            UInt256(decimal: "115792089237316195423570985008687907853269984665640564039457584007913129639936") == nil)
        #expect(UInt256(decimal: "10000000000000000000")?.decimal == "10000000000000000000")
        #expect(UInt256(decimal: "100000000000000000000000000000000000000")?.decimal.count == 39)
        #expect(UInt256.zero.decimal == "0")
        for text in ["", "-1", "+1", " 1", "1 ", "0x1", "1.0", "1e3", "１"] { #expect(UInt256(decimal: text) == nil) }
    }

    @Test("Bytes, decimal digits and quantities all bring the number back")
    func texts() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let a = number(&random)
            #expect(UInt256(decimal: a.decimal) == a, "\(random)")
            #expect(try Quantity.decode(Quantity.encode(a)) == a, "\(random)")
            #expect(UInt256(bigEndianBytes: a.bigEndianBytes) == a, "\(random)")
            #expect(UInt256(bigEndianBytes: a.minimalBigEndianBytes) == a, "\(random)")
            #expect(a.minimalBigEndianBytes.count == a.minimalByteCount, "\(random)")
            #expect(a.minimalBigEndianBytes.first != 0, "\(random)")
        }
        #expect(UInt256(bigEndianBytes: [UInt8](repeating: 0, count: 33)) == nil)
    }

    @Test("Narrower integers convert exactly or not at all")
    func conversions() {
        #expect(UInt256(exactly: -1) == nil)
        #expect(UInt256(exactly: UInt128.max).flatMap { UInt128(exactly: $0) } == .max)
        #expect(UInt64(exactly: UInt256(UInt64.max)) == .max)
        #expect(UInt256(UInt64.max).adding(1).flatMap { UInt64(exactly: $0) } == nil)
    }

    @Test("Signed numbers keep value and sign, and know their width")
    func signed() throws {
        let least = "-57896044618658097711785492504343953926634992332820282019728792003956564819968"
        #expect(Int256(decimal: least)?.decimal == least)
        #expect(Int256(decimal: String(least.dropFirst())) == nil)
        #expect(Int256(-1).bitPattern == .max)
        #expect(Int256(decimal: "-0") == 0)
        #expect(Int256(decimal: "--1") == nil)
        #expect(Int256(-128).fits(bits: 8))
        #expect(!Int256(-129).fits(bits: 8))
        #expect(Int256(127).fits(bits: 8))
        #expect(!Int256(128).fits(bits: 8))
        #expect(Int256(-5) < Int256(3))
        #expect(Int256(Int64.min).decimal == "-9223372036854775808")
    }
}
