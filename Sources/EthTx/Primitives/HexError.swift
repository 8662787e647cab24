// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as hex data.
///
/// Offsets count UTF-8 bytes from the start of the text.
public enum HexError: Error, Sendable, Hashable {
    /// The text does not begin with `0x`.
    case missingPrefix
    /// The number of digits is odd; how many there are.
    case oddDigitCount(Int)
    /// A character is no hex digit.
    case invalidDigit(offset: Int)
    /// Another number of bytes than was asked for.
    case wrongLength(expected: Int, found: Int)
}

extension HexError: CustomStringConvertible {
    /// What is wrong, without the text itself, which may be a secret.
    public var description: String {
        switch self {
        case .missingPrefix: "hex data must begin with 0x"
        case .oddDigitCount(let count): "hex data must have an even number of digits, found \(count)"
        case .invalidDigit(let offset): "not a hex digit at offset \(offset)"
        case .wrongLength(let expected, let found): "expected \(expected) bytes of hex data, found \(found)"
        }
    }
}
