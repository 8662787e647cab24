// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as an address.
public enum AddressError: Error, Sendable, Hashable {
    case missingPrefix
    case wrongDigitCount(Int)
    case invalidDigit(offset: Int)
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
