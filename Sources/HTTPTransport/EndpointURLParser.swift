// SPDX-License-Identifier: Apache-2.0

/// Takes the text of a URL apart.
struct EndpointURLParser {
    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    func parse(allowsUserinfo: Bool) throws(EndpointURLError) -> EndpointURL {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= EndpointURL.maximumLength else { throw .tooLong(limit: EndpointURL.maximumLength) }
        try checkCharacters()
        let (scheme, start) = try parseScheme()
        let rest = bytes[start...]
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.endIndex
        var authority = bytes[start..<end]
        var userinfo: String?
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
            guard allowsUserinfo else { throw .userinfoNotAllowed }
            guard at > start, authority[..<at].allSatisfy({ $0 != UInt8(ascii: "@") && !isBracket($0) }) else {
                throw .invalidUserinfo
            }
            userinfo = text(authority[..<at])
            authority = authority[(at + 1)...]
        }
        let (host, port) = try parseAuthority(authority)
        let question = bytes[end...].firstIndex(of: UInt8(ascii: "?"))
        return EndpointURL(
            scheme: scheme, host: host, port: port, userinfo: userinfo,
            path: text(bytes[end..<(question ?? bytes.endIndex)]),
            query: question.map { text(bytes[($0 + 1)...]) })
    }

    /// Only the characters of RFC 3986, with percent signs as it demands.
    private func checkCharacters() throws(EndpointURLError) {
        let usual = EndpointURLParser.usual
        for (offset, byte) in bytes.enumerated() where !usual.contains(byte) {
            switch byte {
            case UInt8(ascii: "#"):
                throw .fragmentNotAllowed
            case UInt8(ascii: "%"):
                guard offset + 2 < bytes.count, isHex(bytes[offset + 1]), isHex(bytes[offset + 2]) else {
                    throw .invalidPercentEncoding(offset: offset)
                }
            default:
                throw .invalidCharacter(offset: offset)
            }
        }
    }

    /// All characters but the percent sign (RFC 3986, sections 2.2 and 2.3).
    private static let usual = ByteSet.alphanumeric.union("-._~:/?[]@!$&'()*+,;=")

    private func parseScheme() throws(EndpointURLError) -> (EndpointURL.Scheme, Int) {
        for scheme in [EndpointURL.Scheme.https, .http] {
            let prefix = Array((scheme.rawValue + "://").utf8)
            guard bytes.count >= prefix.count else { continue }
            if zip(bytes, prefix).allSatisfy({ $0 == $1 || isLetter($1) && $0 | 0x20 == $1 }) {
                return (scheme, prefix.count)
            }
        }
        throw .unsupportedScheme
    }

    private func parseAuthority(_ authority: ArraySlice<UInt8>) throws(EndpointURLError) -> (EndpointHost, UInt16?) {
        guard let first = authority.first else { throw .missingHost }
        if first == UInt8(ascii: "[") {
            guard let close = authority.firstIndex(of: UInt8(ascii: "]")),
                let address = IPv6Address(text(authority[(authority.startIndex + 1)..<close]))
            else { throw .invalidHost }
            return (.ipv6(address), try parsePort(authority[(close + 1)...]))
        }
        let colon = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.endIndex
        guard colon > authority.startIndex else { throw .missingHost }
        guard let host = EndpointHost(nameOrIPv4: text(authority[..<colon])) else { throw .invalidHost }
        return (host, try parsePort(authority[colon...]))
    }

    /// Nothing, or a colon and a number.
    private func parsePort(_ part: ArraySlice<UInt8>) throws(EndpointURLError) -> UInt16? {
        guard let first = part.first else { return nil }
        let digits = part.dropFirst()
        guard first == UInt8(ascii: ":"), let leading = digits.first, leading != UInt8(ascii: "0"), digits.count <= 5,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let port = UInt16(text(digits))
        else { throw .invalidPort }
        return port
    }

    private func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }

    private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private func isBracket(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]") }

    private func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
