// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as a quantity.
///
/// Offsets count UTF-8 bytes from the start of the text.
public enum QuantityError: Error, Sendable, Hashable {
    /// The text does not begin with `0x`.
    case missingPrefix
    /// Nothing follows `0x`; zero is `0x0`.
    case noDigits
    /// The first of several digits is zero.
    case leadingZero
    /// A character is no hex digit.
    case invalidDigit(offset: Int)
    /// The number needs more bits than these.
    case overflow(bits: Int)
}

extension QuantityError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .missingPrefix: "a quantity must begin with 0x"
        case .noDigits: "a quantity needs at least one digit (zero is 0x0)"
        case .leadingZero: "a quantity has no leading zeros"
        case .invalidDigit(let offset): "not a hex digit at offset \(offset)"
        case .overflow(let bits): "the quantity does not fit into \(bits) bits"
        }
    }
}
