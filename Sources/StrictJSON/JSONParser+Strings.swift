// SPDX-License-Identifier: Apache-2.0

extension JSONParser {
    /// Parses a string, the cursor standing on its opening quote.
    mutating func parseString() throws(JSONParseError) -> String {
        let start = position + 1
        guard let isASCII = try skipPlainString() else { return try parseEscapedString(from: start) }
        return try text(UnsafeBufferPointer(rebasing: bytes[start..<(position - 1)]), isASCII: isASCII, offset: start)
    }

    /// Passes a string and its quotes, the cursor standing on the first of them.
    ///
    /// - Returns: whether all of it is ASCII; `nil` when it holds an escape, on which the cursor then stands.
    mutating func skipPlainString() throws(JSONParseError) -> Bool? {
        position += 1
        var seen: UInt64 = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while raw.count - position >= 8 {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let ends = JSONParser.endsOfString(in: word)
            guard ends == 0 else {
                // The lowest mark is right, whatever the borrows of the subtractions did above it.
                seen |= word & ((ends & (~ends &+ 1)) &- 1)
                position += ends.trailingZeroBitCount / 8
                break
            }
            seen |= word
            position += 8
        }
        while true {
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return seen & JSONParser.highBits == 0
            case UInt8(ascii: "\\"): return nil
            case 0..<0x20: throw .unexpectedByte(byte, offset: position)
            default:
                seen |= UInt64(byte)
                position += 1
            }
        }
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let lowBits: UInt64 = 0x0101_0101_0101_0101

    /// Marks (by their highest bit) the bytes of a word that are a quote, a backslash or a control character.
    private static func endsOfString(in word: UInt64) -> UInt64 {
        let quote = word ^ (lowBits &* 0x22)
        let backslash = word ^ (lowBits &* 0x5c)
        let control = (word &- lowBits &* 0x20) & ~word
        return (control | (quote &- lowBits) & ~quote | (backslash &- lowBits) & ~backslash) & highBits
    }

    /// The slow way, for a string that holds at least one escape; the cursor stands on the first.
    mutating func parseEscapedString(from start: Int) throws(JSONParseError) -> String {
        var buffer = Array(bytes[start..<position])
        while true {
            switch try peek() {
            case UInt8(ascii: "\""):
                position += 1
                return try buffer.withUnsafeBufferPointer { buffer throws(JSONParseError) in
                    try text(buffer, isASCII: false, offset: start)
                }
            case UInt8(ascii: "\\"):
                try parseEscape(into: &buffer)
            case 0..<0x20:
                throw .unexpectedByte(bytes[position], offset: position)
            case let byte:
                buffer.append(byte)
                position += 1
            }
        }
    }

    private mutating func parseEscape(into buffer: inout [UInt8]) throws(JSONParseError) {
        let offset = position
        position += 1
        let escape = try peek()
        position += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(escape)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0c)
        case UInt8(ascii: "n"): buffer.append(0x0a)
        case UInt8(ascii: "r"): buffer.append(0x0d)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try parseUnicodeEscape(offset: offset)
            buffer.append(contentsOf: String(Character(scalar)).utf8)
        default: throw .invalidEscape(offset: offset)
        }
    }

    /// One escape of four hex digits, or two that form a surrogate pair; the cursor stands behind the first `\u`.
    private mutating func parseUnicodeEscape(offset: Int) throws(JSONParseError) -> Unicode.Scalar {
        let unit = try parseHexUnit(offset: offset)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard UTF16.isLeadSurrogate(unit),
            position + 1 < bytes.count,
            bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { throw .invalidEscape(offset: offset) }
        position += 2
        let trail = try parseHexUnit(offset: offset)
        guard UTF16.isTrailSurrogate(trail) else { throw .invalidEscape(offset: offset) }
        let value = 0x10000 + (UInt32(unit & 0x3ff) << 10 | UInt32(trail & 0x3ff))
        guard let scalar = Unicode.Scalar(value) else { throw .invalidEscape(offset: offset) }
        return scalar
    }

    private mutating func parseHexUnit(offset: Int) throws(JSONParseError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch try peek() {
            case let byte where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): digit = byte - 0x30
            case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte): digit = byte - 0x57
            case let byte where (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte): digit = byte - 0x37
            default: throw .invalidEscape(offset: offset)
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    /// The text of bytes, which are checked unless they are known to be ASCII.
    func text(
        _ bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool, offset: Int
    ) throws(JSONParseError) -> String {
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8(offset: offset) }
        return text
    }
}
