// SPDX-License-Identifier: Apache-2.0

/// The absolute URL of a service, checked strictly (RFC 3986, of which only the usual forms are accepted).
///
/// Addresses are taken as they are written: `127.1`, `0x7f000001` or `2130706433`, which some resolvers read as
/// 127.0.0.1, are refused. Names are ASCII; an international name is given in its `xn--` form.
public struct EndpointURL: Sendable, Hashable {
    /// The schemes that are spoken.
    public enum Scheme: String, Sendable, Hashable {
        /// Unencrypted.
        case http
        /// Over TLS.
        case https
    }

    /// The scheme.
    public let scheme: Scheme

    /// The host.
    public let host: EndpointHost

    /// The port, where the URL names one.
    public let port: UInt16?

    /// User name and password as written (percent-encoded, `user` or `user:password`); a secret.
    let userinfo: String?

    /// The path as written, empty or beginning with `/`.
    ///
    /// It may hold a key.
    public let path: String

    /// The query as written, without the question mark.
    ///
    /// It may hold a key.
    public let query: String?

    /// The greatest length of a URL in bytes.
    public static let maximumLength = 8192

    /// Reads a URL.
    ///
    /// - Parameters:
    ///   - text: the URL.
    ///   - allowsUserinfo: whether `user:password@` before the host is accepted.
    /// - Throws: what is wrong with it.
    public init(_ text: String, allowsUserinfo: Bool = false) throws(EndpointURLError) {
        self = try EndpointURLParser(text).parse(allowsUserinfo: allowsUserinfo)
    }

    init(scheme: Scheme, host: EndpointHost, port: UInt16?, userinfo: String?, path: String, query: String?) {
        self.scheme = scheme
        self.host = host
        self.port = port
        self.userinfo = userinfo
        self.path = path
        self.query = query
    }

    /// Equal when both are spelled alike, byte for byte.
    public static func == (left: EndpointURL, right: EndpointURL) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the spelling.
    public func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}

extension EndpointURL {
    /// The whole URL as it goes to the transport, with everything secret in it.
    public var text: String {
        var text = scheme.rawValue + "://"
        if let userinfo { text += userinfo + "@" }
        text += authority + path
        if let query { text += "?" + query }
        return text
    }

    /// `scheme://host[:port]`, which holds no secret: for messages and logs.
    public var origin: String { scheme.rawValue + "://" + authority }

    /// The port that is connected to.
    public var effectivePort: UInt16 {
        switch scheme {
        case .http: port ?? 80
        case .https: port ?? 443
        }
    }

    /// Whether the host is this machine, by what is written: 127.0.0.0/8, `::1`, `localhost`.
    public var isLoopback: Bool { host.scope == .loopback }

    /// Whether what is sent can be read or changed by nobody on the way: `https`, or this machine.
    public var isProtected: Bool { scheme == .https || isLoopback }

    /// The URL with path segments added, each percent-encoded, and with a query in place of the present one.
    ///
    /// A slash at the end of the present path does not make an empty segment.
    public func appending(_ segments: [String], query items: [(name: String, value: String)] = []) -> EndpointURL {
        var path = path
        while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        for segment in segments { path += "/" + EndpointURL.percentEncoded(segment) }
        let query = items.map { EndpointURL.percentEncoded($0.name) + "=" + EndpointURL.percentEncoded($0.value) }
        return EndpointURL(
            scheme: scheme, host: host, port: port, userinfo: userinfo, path: path,
            query: query.isEmpty ? nil : query.joined(separator: "&"))
    }

    /// Encodes everything but the unreserved characters (RFC 3986, section 2.3), the segments `.` and `..` included.
    static func percentEncoded(_ text: String) -> String {
        let isDots = text == "." || text == ".."
        let plain = unreserved
        if !isDots, text.utf8.allSatisfy({ plain.contains($0) }) { return text }
        var output: [UInt8] = []
        for byte in text.utf8 {
            if plain.contains(byte), !(isDots && byte == UInt8(ascii: ".")) {
                output.append(byte)
            } else {
                output.append(UInt8(ascii: "%"))
                for digit in [byte >> 4, byte & 15] { output.append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static let unreserved = ByteSet.alphanumeric.union("-._~")

    private var authority: String {
        guard let port else { return host.text }
        return host.text + ":" + String(port)
    }
}

extension EndpointURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The ``origin``: neither user name nor path nor query.
    public var description: String { origin }

    /// The ``origin``.
    public var debugDescription: String { origin }

    /// Shows the origin only.
    public var customMirror: Mirror { Mirror(self, children: ["origin": origin]) }
}

extension EndpointURL {
    /// A text of the endpoint's, without the parts of this URL that may be secret and that servers like to repeat.
    ///
    /// Left out is every path segment, query value, user name and password of at least eight characters.
    package func redact(_ text: String) -> String {
        var parts = path.utf8.split(separator: UInt8(ascii: "/"))
        parts += (query ?? "").utf8.split { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "=") }
        parts += (userinfo ?? "").utf8.split(separator: UInt8(ascii: ":"))
        var bytes = Array(text.utf8)
        for part in parts where part.count >= 8 {
            var index = 0
            while index + part.count <= bytes.count {
                if bytes[index...].starts(with: part) {
                    bytes.replaceSubrange(index..<(index + part.count), with: "***".utf8)
                    index += 3
                } else {
                    index += 1
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
