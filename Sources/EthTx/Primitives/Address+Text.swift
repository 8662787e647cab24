// SPDX-License-Identifier: Apache-2.0

import Keccak

extension Address {
    /// What the case of an address's letters says (EIP-55).
    public enum Checksum: Sendable, Hashable {
        /// The case of every letter is right.
        case correct
        /// All letters are of one case, which carries no information.
        case absent
    }

    /// Reads `0x` and 40 hex digits, all of one case or with the right checksum of EIP-55.
    public init(hex: String) throws(AddressError) {
        self = try Address.parse(hex).address
    }

    /// Reads an address and tells whether its spelling carries a checksum.
    ///
    /// A mixed case that is not the checksum is refused with ``AddressError/wrongChecksum``.
    public static func parse(_ text: String) throws(AddressError) -> (address: Address, checksum: Checksum) {
        let utf8 = Array(text.utf8)
        guard Hex.hasPrefix(utf8) else { throw .missingPrefix }
        guard utf8.count == 42 else { throw .wrongDigitCount(utf8.count - 2) }
        var bytes = [UInt8](repeating: 0, count: 20)
        var hasLower = false
        var hasUpper = false
        for offset in 2..<42 {
            let digit = utf8[offset]
            guard let value = Hex.value(of: digit) else { throw .invalidDigit(offset: offset) }
            let index = (offset - 2) / 2
            bytes[index] = bytes[index] << 4 | value
            if digit >= UInt8(ascii: "a") {
                hasLower = true
            } else if digit >= UInt8(ascii: "A") {
                hasUpper = true
            }
        }
        let address = bytes.withUnsafeBytes { Address(bytes: $0) ?? .zero }
        if utf8 == Array(address.checksummed.utf8) { return (address, .correct) }
        guard !(hasLower && hasUpper) else { throw .wrongChecksum }
        return (address, .absent)
    }

    /// `0x` and 40 lower-case hex digits.
    public var hex: String { withUnsafeBytes { Hex.encode($0) } }

    /// `0x` and 40 hex digits whose letters' case is the checksum of EIP-55.
    public var checksummed: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(40)
        withUnsafeBytes { bytes in
            for byte in bytes {
                digits.append(Hex.digit(byte >> 4))
                digits.append(Hex.digit(byte))
            }
        }
        Keccak256.hash(digits).withUnsafeBytes { digest in
            for index in 0..<40 {
                let nibble = index & 1 == 0 ? digest[index / 2] >> 4 : digest[index / 2] & 15
                if nibble >= 8, digits[index] >= UInt8(ascii: "a") { digits[index] -= 0x20 }
            }
        }
        return "0x" + String(decoding: digits, as: UTF8.self)
    }
}

extension Address: CustomStringConvertible {
    /// The same as ``checksummed``: the form for people.
    public var description: String { checksummed }
}
