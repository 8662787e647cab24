// SPDX-License-Identifier: Apache-2.0

/// Why a request is not sent.
public enum CloudRequestError: Error, Sendable, Hashable {
    /// A patch that changes nothing or breaks a limit.
    case patch(CvmPatchError)

    /// An identifier that is empty, too long, or holds control characters.
    case identifier(name: String)

    /// A compose hash that is not 64 hex digits.
    case composeHash

    /// A commit token that is empty or holds control characters.
    case token

    /// Nothing is given that could be changed.
    case nothingToChange

    /// A number outside of what the service accepts, both ends included.
    case outOfRange(field: String, value: Int, allowed: ClosedRange<Int>)

    /// A text that must be hex digits, two a byte, and is not.
    case notHex(field: String)

    /// A text or a name that must not be empty.
    case emptyText(field: String)

    /// A change that is no request of this kind, such as a call of a contract.
    case notForTheCloud
}

extension CloudRequestError: CustomStringConvertible {
    /// What is wrong, without the value.
    public var description: String {
        switch self {
        case .patch(let error): error.description
        case .identifier(let name): "\(name) must be a text of 1 to 256 bytes without control characters"
        case .composeHash: "a compose hash is 64 hex digits, with or without 0x"
        case .nothingToChange: "nothing to change: at least one field must be given"
        case .outOfRange(let field, let value, let allowed):
            "\(field) must be \(allowed.lowerBound) to \(allowed.upperBound), not \(value)"
        case .notHex(let field): "\(field) must be hex digits, two for each byte"
        case .emptyText(let field): "\(field) must not be empty"
        case .notForTheCloud: "the change is no request of this kind"
        case .token: "the commit token must be a text of 1 to 4096 bytes without control characters"
        }
    }
}
