// SPDX-License-Identifier: Apache-2.0

/// Why a text is not accepted as the URL of a service.
///
/// No case holds the text itself, which may carry a key.
public enum EndpointURLError: Error, Sendable, Hashable, CustomStringConvertible {
    case empty
    case tooLong(limit: Int)
    case invalidCharacter(offset: Int)
    case unsupportedScheme
    case missingHost
    case invalidHost
    case invalidPort
    case userinfoNotAllowed
    case invalidUserinfo
    case fragmentNotAllowed
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
