// SPDX-License-Identifier: Apache-2.0

/// A set of ASCII characters, asked for every byte of URLs and header fields.
struct ByteSet: Sendable {
    /// One bit for each of the characters 0 to 63, and 64 to 127.
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    /// The characters of a text; those beyond ASCII are left out.
    init(_ text: StaticString) {
        self = ByteSet().union(text)
    }

    private init() {}

    /// The set together with the characters of a text.
    func union(_ text: StaticString) -> ByteSet {
        var set = self
        for index in 0..<text.utf8CodeUnitCount {
            let byte = text.utf8Start[index]
            if byte < 64 { set.low |= 1 << UInt64(byte) } else if byte < 128 { set.high |= 1 << UInt64(byte - 64) }
        }
        return set
    }

    /// Whether a byte is one of the characters.
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) & 1 << UInt64(byte & 63) != 0
    }

    /// Letters and digits.
    static let alphanumeric = ByteSet("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
}
