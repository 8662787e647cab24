// SPDX-License-Identifier: Apache-2.0

extension UInt256 {
    /// The sum modulo 2^256, and whether it passed 2^256 − 1.
    public func addingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        var carry = false
        func add(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (sum, first) = left.addingReportingOverflow(right)
            let (total, second) = sum.addingReportingOverflow(carry ? 1 : 0)
            carry = first || second
            return total
        }
        let sum = UInt256(
            limbs: (add(limb0, other.limb0), add(limb1, other.limb1), add(limb2, other.limb2), add(limb3, other.limb3)))
        return (sum, carry)
    }

    /// The difference modulo 2^256, and whether it fell below zero.
    public func subtractingReportingOverflow(_ other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        var borrow = false
        func subtract(_ left: UInt64, _ right: UInt64) -> UInt64 {
            let (difference, first) = left.subtractingReportingOverflow(right)
            let (total, second) = difference.subtractingReportingOverflow(borrow ? 1 : 0)
            borrow = first || second
            return total
        }
        let difference = UInt256(
            limbs: (
                subtract(limb0, other.limb0), subtract(limb1, other.limb1),
                subtract(limb2, other.limb2), subtract(limb3, other.limb3)
            ))
        return (difference, borrow)
    }

    /// The product modulo 2^256, and whether it passed 2^256 − 1.
    public func multipliedReportingOverflow(by other: UInt256) -> (partialValue: UInt256, overflow: Bool) {
        let left: [4 of UInt64] = [limb0, limb1, limb2, limb3]
        let right: [4 of UInt64] = [other.limb0, other.limb1, other.limb2, other.limb3]
        var product = [8 of UInt64](repeating: 0)
        for row in 0..<4 {
            var carry: UInt64 = 0
            for column in 0..<4 {
                let (high, low) = left[row].multipliedFullWidth(by: right[column])
                let (sum, first) = low.addingReportingOverflow(product[row + column])
                let (total, second) = sum.addingReportingOverflow(carry)
                product[row + column] = total
                // high is at most 2^64 − 2, and when it is, low is 1: both carries cannot push it over.
                carry = high &+ (first ? 1 : 0) &+ (second ? 1 : 0)
            }
            product[row + 4] = carry
        }
        let overflow = product[4] | product[5] | product[6] | product[7] != 0
        return (UInt256(limbs: (product[0], product[1], product[2], product[3])), overflow)
    }

    /// Quotient and remainder of a division by a 64-bit number; `nil` when that is zero.
    public func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: UInt256, remainder: UInt64)? {
        guard divisor != 0 else { return nil }
        var remainder: UInt64 = 0
        func divide(_ limb: UInt64) -> UInt64 {
            let (quotient, rest) = divisor.dividingFullWidth((remainder, limb))
            remainder = rest
            return quotient
        }
        let quotient3 = divide(limb3)
        let quotient2 = divide(limb2)
        let quotient1 = divide(limb1)
        let quotient0 = divide(limb0)
        return (UInt256(limbs: (quotient0, quotient1, quotient2, quotient3)), remainder)
    }

    /// The sum; `nil` when it passes 2^256 − 1.
    public func adding(_ other: UInt256) -> UInt256? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }

    /// The difference; `nil` when it falls below zero.
    public func subtracting(_ other: UInt256) -> UInt256? {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? nil : difference
    }

    /// The product; `nil` when it passes 2^256 − 1.
    public func multiplied(by other: UInt256) -> UInt256? {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : product
    }
}
