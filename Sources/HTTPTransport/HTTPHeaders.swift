// SPDX-License-Identifier: Apache-2.0

/// The header fields of an answer, in the order in which they came.
public struct HTTPHeaders: Sendable, Hashable {
    /// All fields; a name may occur more than once.
    public private(set) var fields: [HTTPHeader]

    /// Takes over fields.
    public init(_ fields: [HTTPHeader] = []) {
        self.fields = fields
    }

    /// The value of the first field of that name, compared without regard to (ASCII) case.
    public subscript(name: String) -> String? {
        fields.first { HTTPHeaders.matches($0.name, name) }?.value
    }

    /// The values of all fields of that name, compared without regard to (ASCII) case.
    public func values(of name: String) -> [String] {
        fields.filter { HTTPHeaders.matches($0.name, name) }.map(\.value)
    }

    mutating func append(_ field: HTTPHeader) {
        fields.append(field)
    }

    static func matches(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        var others = right.utf8.makeIterator()
        for byte in left.utf8 {
            guard let other = others.next(), lower(byte) == lower(other) else { return false }
        }
        return true
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

extension HTTPHeaders {
    /// How long the server asks to wait (`Retry-After`, RFC 9110, section 10.2.3), at most one hour.
    ///
    /// A date counts from the answer's own `Date`, so that only the server's clock matters; where there is none, from
    /// this machine's time.
    public var retryAfter: Duration? { retryAfter(now: HTTPDate.now) }

    /// How long the server asks to wait, with the time that counts where the answer has none, in seconds since 1970.
    func retryAfter(now: @autoclosure () -> Int64) -> Duration? {
        guard let text = self["Retry-After"] else { return nil }
        if let until = HTTPDate.seconds(text) {
            return .seconds(min(max(until - (self["Date"].flatMap(HTTPDate.seconds) ?? now()), 0), 3600))
        }
        guard let seconds = number("Retry-After") else { return nil }
        return .seconds(min(seconds, 3600))
    }

    /// The length of the body that the server announces, in bytes; `nil` when it is none, or not plausible.
    var contentLength: Int? { number("Content-Length") }

    /// The value of a field that is nothing but one to nine digits.
    private func number(_ name: String) -> Int? {
        guard let text = self[name], !text.isEmpty, text.utf8.count <= 9,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// The media type of the body in lower case and without parameters, such as `application/json`.
    public var mediaType: String? {
        guard let text = self["Content-Type"] else { return nil }
        let type = text.utf8.prefix { $0 != UInt8(ascii: ";") }
        return String(decoding: type.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self).lowercased()
    }
}
