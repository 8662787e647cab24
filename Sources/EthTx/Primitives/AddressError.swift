// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as an address.
public enum AddressError: Error, Sendable, Hashable {
    /// The text does not begin with `0x`.
    case missingPrefix
    /// There are not 40 digits; how many there are.
    case wrongDigitCount(Int)
    /// A character is no hex digit; its offset in UTF-8 bytes.
    case invalidDigit(offset: Int)
    /// The letters are of both cases, and not as the checksum of EIP-55 has them.
    case wrongChecksum
}

extension AddressError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .missingPrefix: "an address must begin with 0x"
        case .wrongDigitCount(let count): "an address has 40 hex digits after 0x, found \(count)"
        case .invalidDigit(let offset): "not a hex digit at offset \(offset)"
        case .wrongChecksum:
            "the upper and lower case of the digits is not the address's checksum (EIP-55): a digit is wrong"
        }
    }
}
