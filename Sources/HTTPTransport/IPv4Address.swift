// SPDX-License-Identifier: Apache-2.0

/// An IPv4 address.
public struct IPv4Address: Sendable, Hashable, CustomStringConvertible {
    /// The address as one number, the first byte most significant.
    public let value: UInt32

    /// Takes the number.
    public init(value: UInt32) {
        self.value = value
    }

    /// Reads four decimal numbers without leading zeros; `nil` for any other form.
    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count),
                part.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
                part.count == 1 || part.first != UInt8(ascii: "0"),
                let byte = UInt8(String(decoding: part, as: UTF8.self))
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        self.value = value
    }

    /// Four decimal numbers.
    public var description: String {
        "\(value >> 24).\(value >> 16 & 0xff).\(value >> 8 & 0xff).\(value & 0xff)"
    }

    /// The scope (IANA special-purpose address registry).
    public var scope: AddressScope {
        if isIn(0x7f00_0000, 8) { return .loopback }
        if isIn(0xa9fe_0000, 16) { return .linkLocal }
        if isIn(0x0a00_0000, 8) || isIn(0xac10_0000, 12) || isIn(0xc0a8_0000, 16) || isIn(0x6440_0000, 10) {
            return .privateNetwork
        }
        if isIn(0x0000_0000, 8) || isIn(0xc000_0000, 24) || isIn(0xc000_0200, 24) || isIn(0xc612_0000, 15)
            || isIn(0xc633_6400, 24) || isIn(0xcb00_7100, 24) || isIn(0xe000_0000, 3)
        {
            return .reserved
        }
        return .global
    }

    private func isIn(_ network: UInt32, _ bits: UInt32) -> Bool {
        (value ^ network) >> (32 - bits) == 0
    }
}
