// SPDX-License-Identifier: Apache-2.0

/// A JSON number in the very spelling in which it was written.
///
/// `1`, `1.0` and `1e0` are three different values here: a hash over JSON text sees the difference.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as written, a valid `number` of RFC 8259, section 6.
    public let spelling: String

    /// Takes over a spelling that the parser has checked.
    package init(validSpelling: String) {
        spelling = validSpelling
    }

    /// The shortest spelling of an integer.
    public init(_ value: some FixedWidthInteger) {
        spelling = String(value)
    }

    /// The number as an integer of the given type, if it is written as one (no fraction, no exponent) and fits.
    public func exactly<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
        if let small { return Value(exactly: small) }
        return Value(spelling)
    }

    /// The number if it is an integer of at most 18 digits, which cannot overflow.
    private var small: Int64? {
        var spelling = spelling
        return spelling.withUTF8 { bytes in
            let isNegative = bytes.first == UInt8(ascii: "-")
            let digits = bytes.dropFirst(isNegative ? 1 : 0)
            guard (1...18).contains(digits.count) else { return nil }
            var value: Int64 = 0
            for byte in digits {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return isNegative ? -value : value
        }
    }

    /// The nearest double; `nil` when it overflows.
    public var double: Double? {
        guard let value = Double(spelling), value.isFinite else { return nil }
        return value
    }

    /// The spelling.
    public var description: String { spelling }
}
