// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as the URL of a service.
///
/// No case holds the text itself, which may carry a key.
public enum EndpointURLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no character.
    case empty
    /// There are more bytes than the limit.
    case tooLong(limit: Int)
    /// A character does not belong into a URL; its offset in bytes.
    case invalidCharacter(offset: Int)
    /// The scheme is neither `https` nor `http`.
    case unsupportedScheme
    /// No host is named.
    case missingHost
    /// The host is neither a name nor an address in its usual form.
    case invalidHost
    /// The port is no number from 1 to 65535.
    case invalidPort
    /// There is a user name or a password, which this place does not accept.
    case userinfoNotAllowed
    /// User name or password are not written as a URL demands.
    case invalidUserinfo
    /// There is a fragment, which is never sent.
    case fragmentNotAllowed
    /// A percent sign is not followed by two hex digits; its offset in bytes.
    case invalidPercentEncoding(offset: Int)

    /// What is wrong, in a few words.
    public var description: String {
        switch self {
        case .empty: "it is empty"
        case .tooLong(let limit): "it is longer than \(limit) bytes"
        case .invalidCharacter(let offset): "the character at offset \(offset) does not belong into a URL"
        case .unsupportedScheme: "it begins with neither https:// nor http://"
        case .missingHost: "it names no host"
        case .invalidHost: "the host is neither a name nor an address in its usual form"
        case .invalidPort: "the port is not a number from 1 to 65535"
        case .userinfoNotAllowed: "a user name or password in the URL is not accepted here"
        case .invalidUserinfo: "the user name or password is not written as a URL demands"
        case .fragmentNotAllowed: "it has a fragment (#), which is never sent"
        case .invalidPercentEncoding(let offset):
            "the percent sign at offset \(offset) is not followed by two hex digits"
        }
    }
}
