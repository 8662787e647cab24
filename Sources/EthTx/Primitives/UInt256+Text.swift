// SPDX-License-Identifier: Apache-2.0

extension UInt256 {
    /// 10^19, the greatest power of ten in 64 bits.
    private static let chunk: UInt64 = 10_000_000_000_000_000_000

    /// The decimal digits without leading zeros.
    public var decimal: String {
        var groups: [UInt64] = []
        var rest = self
        while !rest.isZero, let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: Self.chunk) {
            groups.append(remainder)
            rest = quotient
        }
        guard let first = groups.popLast() else { return "0" }
        var text = String(first)
        for group in groups.reversed() {
            let digits = String(group)
            text += String(repeating: "0", count: 19 - digits.utf8.count) + digits
        }
        return text
    }

    /// Reads decimal digits, at least one, leading zeros allowed; `nil` for anything else or beyond 2^256 − 1.
    public init?(decimal text: String) {
        guard !text.utf8.isEmpty else { return nil }
        var value = UInt256.zero
        for byte in text.utf8 {
            guard byte >= 0x30, byte <= 0x39, let shifted = value.multiplied(by: 10),
                let sum = shifted.adding(UInt256(UInt64(byte - 0x30)))
            else { return nil }
            value = sum
        }
        self = value
    }
}

extension UInt256: CustomStringConvertible {
    /// The decimal digits.
    public var description: String { decimal }
}
