// SPDX-License-Identifier: Apache-2.0

/// An IPv6 address, without a zone.
public struct IPv6Address: Sendable, Hashable, CustomStringConvertible {
    /// The address as one number, the first byte most significant.
    public let value: UInt128

    /// Takes the number.
    public init(value: UInt128) {
        self.value = value
    }

    /// Reads the text form of RFC 4291, section 2.2, also with an IPv4 address at the end; `nil` for any other.
    public init?(_ text: String) {
        guard text.utf8.count <= 45 else { return nil }
        let halves = IPv6Address.halves(text)
        guard let halves, let head = IPv6Address.groups(halves.head, mayEndInIPv4: halves.tail == nil) else {
            return nil
        }
        guard let tailText = halves.tail else {
            guard head.count == 8 else { return nil }
            self.init(groups: head)
            return
        }
        guard let tail = IPv6Address.groups(tailText, mayEndInIPv4: true), head.count + tail.count <= 7 else {
            return nil
        }
        self.init(groups: head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private init(groups: [UInt16]) {
        value = groups.reduce(0) { $0 << 16 | UInt128($1) }
    }

    /// The parts before and after `::`; no tail where there is no `::`, nothing where there are two.
    private static func halves(_ text: String) -> (head: String, tail: String?)? {
        let bytes = Array(text.utf8)
        let colons = bytes.indices.dropLast().filter {
            bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":")
        }
        guard let place = colons.first else { return (text, nil) }
        guard colons.count == 1 else { return nil }
        return (
            String(decoding: bytes[..<place], as: UTF8.self), String(decoding: bytes[(place + 2)...], as: UTF8.self)
        )
    }

    private static func groups(_ text: String, mayEndInIPv4: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        let parts = text.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count <= 8 else { return nil }
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            let word = String(decoding: part, as: UTF8.self)
            if mayEndInIPv4, index == parts.count - 1, let address = IPv4Address(word) {
                groups.append(UInt16(address.value >> 16))
                groups.append(UInt16(address.value & 0xffff))
                continue
            }
            guard (1...4).contains(part.count), part.first != UInt8(ascii: "+"), part.first != UInt8(ascii: "-"),
                let group = UInt16(word, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    /// The text form of RFC 5952: lower case, the longest run of zeros (of two or more) as `::`.
    public var description: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        var longest = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(longest.count, 1) { longest = start..<end }
            start = max(end, start + 1)
        }
        let words = groups.map { String($0, radix: 16) }
        guard !longest.isEmpty else { return words.joined(separator: ":") }
        return words[..<longest.lowerBound].joined(separator: ":") + "::"
            + words[longest.upperBound...].joined(separator: ":")
    }

    /// The scope; an address that stands for an IPv4 address has that one's.
    public var scope: AddressScope {
        if value == 1 { return .loopback }
        if let address = embedded { return address.scope }
        if isIn(0xfe80, 10) { return .linkLocal }
        if value == 0xfd00_0ec2_0000_0000_0000_0000_0000_0254 { return .linkLocal }
        if isIn(0xfc00, 7) || isIn(0xfec0, 10) { return .privateNetwork }
        let isDocumentation = value >> 96 == 0x2001_0db8 || value >> 108 == 0x3fff0
        return isIn(0x2000, 3) && !isDocumentation ? .global : .reserved
    }

    /// The IPv4 address within: mapped (`::ffff:0:0/96`), compatible (`::/96`), NAT64 (`64:ff9b::/96`), 6to4.
    private var embedded: IPv4Address? {
        let last = IPv4Address(value: UInt32(truncatingIfNeeded: value))
        switch value >> 32 {
        case 0xffff, 0x0064_ff9b_0000_0000_0000_0000: return last
        case 0: return last
        default: break
        }
        guard value >> 112 == 0x2002 else { return nil }
        return IPv4Address(value: UInt32(truncatingIfNeeded: value >> 80))
    }

    private func isIn(_ first: UInt128, _ bits: UInt128) -> Bool {
        (value ^ first << 112) >> (128 - bits) == 0
    }
}
