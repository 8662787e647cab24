// SPDX-License-Identifier: Apache-2.0

/// Numbers as hex text: `0x`, no leading zeros, zero is `0x0` – the `QUANTITY` of Ethereum's JSON-RPC.
public enum Quantity {
    /// The lower-case text of a number.
    public static func encode(_ value: UInt256) -> String {
        var digits: [UInt8] = [UInt8(ascii: "0"), UInt8(ascii: "x")]
        var started = false
        value.bytes32.withUnsafeBytes { bytes in
            for byte in bytes {
                for nibble in [byte >> 4, byte & 15] where started || nibble != 0 {
                    started = true
                    digits.append(Hex.digit(nibble))
                }
            }
        }
        if !started { digits.append(UInt8(ascii: "0")) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The lower-case text of a number.
    public static func encode(_ value: UInt64) -> String {
        encode(UInt256(value))
    }

    /// Reads a quantity of up to 256 bits; digits of either case.
    public static func decode(_ text: String) throws(QuantityError) -> UInt256 {
        let utf8 = Array(text.utf8)
        guard Hex.hasPrefix(utf8) else { throw .missingPrefix }
        guard utf8.count > 2 else { throw .noDigits }
        var limbs: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for offset in 2..<utf8.count {
            guard let digit = Hex.value(of: utf8[offset]) else { throw .invalidDigit(offset: offset) }
            if offset == 2, digit == 0, utf8.count > 3 { throw .leadingZero }
            if limbs.3 >> 60 != 0 { throw .overflow(bits: 256) }
            limbs.3 = limbs.3 << 4 | limbs.2 >> 60
            limbs.2 = limbs.2 << 4 | limbs.1 >> 60
            limbs.1 = limbs.1 << 4 | limbs.0 >> 60
            limbs.0 = limbs.0 << 4 | UInt64(digit)
        }
        return UInt256(limbs: limbs)
    }

    /// Reads a quantity of up to 64 bits; digits of either case.
    public static func decodeUInt64(_ text: String) throws(QuantityError) -> UInt64 {
        guard let value = UInt64(exactly: try decode(text)) else { throw .overflow(bits: 64) }
        return value
    }
}
