// SPDX-License-Identifier: Apache-2.0

/// Byte strings as hex text: `0x` and two digits a byte, the `DATA` of Ethereum's JSON-RPC.
public enum Hex {
    /// The lower-case text with prefix; no bytes give `0x`.
    public static func encode(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { encode($0) }
    }

    /// The lower-case text with prefix; no bytes give `0x`.
    public static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        text(of: bytes, prefix: true)
    }

    /// The lower-case text without prefix.
    public static func encodeBare(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { text(of: $0, prefix: false) }
    }

    /// Reads text with the prefix `0x` (lower-case x) and an even number of digits of either case.
    public static func decode(_ text: String) throws(HexError) -> [UInt8] {
        let utf8 = Array(text.utf8)
        guard hasPrefix(utf8) else { throw .missingPrefix }
        return try bytes(of: utf8, from: 2)
    }

    /// Reads text with or without the prefix `0x`.
    public static func decodeBare(_ text: String) throws(HexError) -> [UInt8] {
        let utf8 = Array(text.utf8)
        return try bytes(of: utf8, from: hasPrefix(utf8) ? 2 : 0)
    }

    /// Reads prefixed text of an exact number of bytes.
    public static func decode(_ text: String, count: Int) throws(HexError) -> [UInt8] {
        let bytes = try decode(text)
        guard bytes.count == count else { throw .wrongLength(expected: count, found: bytes.count) }
        return bytes
    }
}

extension Hex {
    /// The value of a hex digit of either case, 0...15; `nil` for any other byte.
    @inline(__always)
    static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit &- 0x30
        case 0x61...0x66: digit &- 0x57
        case 0x41...0x46: digit &- 0x37
        default: nil
        }
    }

    /// The lower-case digit of a value; only the low four bits count.
    @inline(__always)
    static func digit(_ value: UInt8) -> UInt8 {
        let nibble = value & 15
        return nibble < 10 ? nibble &+ 0x30 : nibble &+ 0x57
    }

    static func hasPrefix(_ utf8: [UInt8]) -> Bool {
        utf8.count >= 2 && utf8[0] == UInt8(ascii: "0") && utf8[1] == UInt8(ascii: "x")
    }

    private static func text(of bytes: UnsafeRawBufferPointer, prefix: Bool) -> String {
        let start = prefix ? 2 : 0
        return String(unsafeUninitializedCapacity: start + 2 * bytes.count) { buffer in
            if prefix {
                buffer[0] = UInt8(ascii: "0")
                buffer[1] = UInt8(ascii: "x")
            }
            for index in 0..<bytes.count {
                buffer[start + 2 * index] = digit(bytes[index] >> 4)
                buffer[start + 2 * index + 1] = digit(bytes[index])
            }
            return start + 2 * bytes.count
        }
    }

    private static func bytes(of utf8: [UInt8], from start: Int) throws(HexError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity((utf8.count - start) / 2)
        var high: UInt8 = 0
        for offset in start..<utf8.count {
            guard let value = value(of: utf8[offset]) else { throw .invalidDigit(offset: offset) }
            if (offset - start) & 1 == 0 {
                high = value << 4
            } else {
                bytes.append(high | value)
            }
        }
        guard (utf8.count - start) & 1 == 0 else { throw .oddDigitCount(utf8.count - start) }
        return bytes
    }
}
