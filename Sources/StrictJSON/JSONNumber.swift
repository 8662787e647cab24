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
        Value(spelling)
    }

    /// The nearest double; `nil` when it overflows.
    public var double: Double? {
        guard let value = Double(spelling), value.isFinite else { return nil }
        return value
    }

    /// The spelling.
    public var description: String { spelling }
}
