// SPDX-License-Identifier: Apache-2.0

/// Why there is no answer.
///
/// No message holds a header value, a user name, a path, a query or a body.
public enum HTTPTransportError: Error, Sendable, Hashable {
    /// The URL is not one that is ever requested. Nothing was sent.
    case invalidURL(EndpointURLError)

    /// `http://` to a host that is not the machine itself. Nothing was sent.
    case insecureURL(host: String)

    /// A header field that cannot be sent: not a token, control characters, or a framing field. Nothing was sent.
    case invalidHeader(name: String)

    /// libcurl cannot be used, for the reason given. Nothing was sent.
    case unavailable(String)

    /// It ended before the request began: certainly no byte of the request reached the server.
    case notSent(HTTPFailure)

    /// The request was sent or perhaps sent, and no complete answer came: the server may have processed it.
    case lost(HTTPFailure)

    /// The answer is longer than the request allowed. The server has processed the request.
    case bodyTooLarge(limit: Int)

    /// The task was cancelled. The request may have been sent.
    case cancelled
}

extension HTTPTransportError {
    /// Whether certainly no byte of the request reached the server, so that it can be sent again without look-up.
    public var isCertainlyNotSent: Bool {
        switch self {
        case .invalidURL, .insecureURL, .invalidHeader, .unavailable, .notSent: true
        case .lost, .bodyTooLarge, .cancelled: false
        }
    }

    /// Whether the same request may fare better a little later.
    public var isRetryable: Bool {
        switch self {
        case .notSent(let failure), .lost(let failure): failure.kind.isTransient
        case .invalidURL, .insecureURL, .invalidHeader, .unavailable, .bodyTooLarge, .cancelled: false
        }
    }
}

extension HTTPTransportError: CustomStringConvertible {
    /// What happened and what is certain.
    public var description: String {
        switch self {
        case .invalidURL(let error): "the URL is not usable: \(error)"
        case .insecureURL(let host):
            "http:// is refused for \(host), since only this machine may be reached unencrypted"
        case .invalidHeader(let name): "the header field \(name) cannot be sent"
        case .unavailable(let reason): "no HTTP library: \(reason)"
        case .notSent(let failure): "nothing was sent: \(failure)"
        case .lost(let failure): "the request was or may have been sent, and no complete answer came: \(failure)"
        case .bodyTooLarge(let limit): "the answer is longer than \(limit) bytes"
        case .cancelled: "cancelled"
        }
    }
}
