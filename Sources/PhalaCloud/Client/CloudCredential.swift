// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// What the service knows the caller by; never printed.
public struct CloudCredential: Sendable {
    private enum Kind: Sendable {
        case apiKey(String)
        case bearer(String)
        case none
    }

    private let kind: Kind

    /// No credential: for calls that need none.
    public static let none = CloudCredential(kind: .none)

    /// An API key, sent as `X-API-Key`.
    ///
    /// A line end and spaces around it are dropped.
    public static func apiKey(_ key: String) throws(CloudCredentialError) -> CloudCredential {
        CloudCredential(kind: .apiKey(try checked(key)))
    }

    /// A token of OAuth 2.0, sent as `Authorization: Bearer`.
    ///
    /// A line end and spaces around it are dropped.
    public static func bearer(_ token: String) throws(CloudCredentialError) -> CloudCredential {
        CloudCredential(kind: .bearer(try checked(token)))
    }

    /// The header field that carries it.
    var header: HTTPHeader? {
        switch kind {
        case .apiKey(let key): HTTPHeader("X-API-Key", key)
        case .bearer(let token): HTTPHeader("Authorization", "Bearer " + token)
        case .none: nil
        }
    }

    /// An answer without the credential, should a service or somebody on the way to it quote what it was sent.
    ///
    /// Only what is no success ends in messages; a success is left as it is, since hashes may depend on each byte.
    func removed(from response: HTTPResponse) -> HTTPResponse {
        let secret: String
        switch kind {
        case .apiKey(let key): secret = key
        case .bearer(let token): secret = token
        case .none: return response
        }
        // What is shorter is no secret, and may be part of anything.
        guard !(200..<300).contains(response.status), secret.utf8.count >= 8 else { return response }
        let fields = response.headers.fields.map {
            HTTPHeader($0.name, String(decoding: Self.removing(secret, from: Array($0.value.utf8)), as: UTF8.self))
        }
        return HTTPResponse(
            status: response.status, headers: HTTPHeaders(fields), body: Self.removing(secret, from: response.body))
    }

    private static func removing(_ secret: String, from text: [UInt8]) -> [UInt8] {
        let secret = Array(secret.utf8)
        guard text.count >= secret.count else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            if text[index] == secret[0], text[index...].starts(with: secret) {
                result += "***".utf8
                index += secret.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return result
    }

    /// Only visible ASCII, so that the value cannot end its header field.
    private static func checked(_ text: String) throws(CloudCredentialError) -> String {
        func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, isSpace(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, isSpace(last) { bytes = bytes.dropLast() }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= 8192 else { throw .tooLong }
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { throw .invalidCharacter }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CloudCredential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The kind only.
    public var description: String {
        switch kind {
        case .apiKey: "API key"
        case .bearer: "bearer token"
        case .none: "no credential"
        }
    }

    /// The kind only.
    public var debugDescription: String { description }

    /// Shows the kind only.
    public var customMirror: Mirror { Mirror(self, children: ["kind": description]) }
}

/// Why a text is no credential; no case holds the text.
public enum CloudCredentialError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is nothing but white space.
    case empty
    /// More than 8192 bytes.
    case tooLong
    /// Something that is not visible ASCII, such as a line end in the middle.
    case invalidCharacter

    /// What is wrong, without the text.
    public var description: String {
        switch self {
        case .empty: "the API key or token is empty"
        case .tooLong: "the API key or token is longer than 8192 bytes"
        case .invalidCharacter: "the API key or token holds a character that is not visible ASCII"
        }
    }
}
