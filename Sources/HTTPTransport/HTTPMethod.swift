// SPDX-License-Identifier: Apache-2.0

/// A request method (RFC 9110, section 9; PATCH: RFC 5789).
///
/// The raw value is the wire spelling.
public enum HTTPMethod: String, Sendable, Hashable, CaseIterable {
    /// Reads.
    case get = "GET"
    /// Reads without the body.
    case head = "HEAD"
    /// Hands something over.
    case post = "POST"
    /// Replaces.
    case put = "PUT"
    /// Changes in part.
    case patch = "PATCH"
    /// Removes.
    case delete = "DELETE"

    /// Whether the method is safe (RFC 9110, section 9.2.1): the request changes nothing, however often it is sent.
    public var isSafe: Bool {
        switch self {
        case .get, .head: true
        case .post, .put, .patch, .delete: false
        }
    }
}
