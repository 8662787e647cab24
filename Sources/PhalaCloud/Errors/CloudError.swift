// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport
public import StrictJSON

/// Why a call to the service has no result.
///
/// The status decides which case it is; the service's own code only where the API document says so.
public enum CloudError: Error, Sendable, Hashable {
    /// There is no answer.
    case transport(HTTPTransportError)

    /// There is an answer that cannot be read: no JSON, cut off, or of the wrong type. After a write this is a lost
    /// answer.
    case unreadable(status: Int, reason: String)

    /// An answer of well-formed JSON that has another shape than the documents say.
    case schemaMismatch(status: Int, JSONShapeError)

    /// 401, 403: the key is missing or wrong, or has no access.
    case unauthorized(CloudRefusal)

    /// 404 about a CVM, an app, a token, …
    case notFound(CloudRefusal)

    /// 404 or 405 about the route itself: this deployment does not have it.
    case missingRoute(CloudRefusal)

    /// 400 with ERR-03-002 or ERR-03-010: several CVMs go by that name or app id.
    case ambiguousCvm(CloudRefusal)

    /// 422: fields that the service does not accept.
    case validation([FieldError], CloudRefusal)

    /// 409: another operation runs on the CVM; without a code it passes, with one it is final.
    case conflict(CloudRefusal)

    /// 465 to anything but the first phase: the hash is not registered. With what the service asks for, if it says so.
    case hashRegistrationRequired(HashRequirement?, CloudRefusal)

    /// 466: the hash or the token is unknown, too old or replaced, or the compose file has changed.
    case hashExpired(CloudRefusal)

    /// 467: the service does not see the transaction (yet).
    case transactionNotVerified(CloudRefusal)

    /// 468: the contract does not allow the hash.
    case hashNotAllowed(CloudRefusal)

    /// 429, with how long to wait if the service says so.
    case rateLimited(CloudRefusal, retryAfter: Duration?)

    /// 5xx and 408, with how long to wait if the service says so.
    case server(CloudRefusal, retryAfter: Duration?)

    /// Any other status.
    case rejected(CloudRefusal)

    /// The request was not sent, because the service could not accept it.
    case invalidRequest(CloudRequestError)
}

extension CloudError {
    /// Whether the same call may succeed a little later without any change.
    public var isRetryable: Bool {
        switch self {
        case .transport(let error): error.isRetryable
        case .unreadable, .transactionNotVerified, .rateLimited, .server: true
        case .conflict(let refusal): refusal.code == nil
        case .schemaMismatch, .unauthorized, .notFound, .missingRoute, .ambiguousCvm, .validation,
            .hashRegistrationRequired, .hashExpired, .hashNotAllowed, .rejected, .invalidRequest:
            false
        }
    }

    /// Whether a write that ended like this may have been applied, so that it has to be looked up.
    public var leavesOutcomeUnknown: Bool {
        switch self {
        case .transport(let error): !error.isCertainlyNotSent
        case .unreadable, .conflict, .server: true
        case .schemaMismatch(let status, _): (200..<300).contains(status)
        case .unauthorized, .notFound, .missingRoute, .ambiguousCvm, .validation, .hashRegistrationRequired,
            .hashExpired, .transactionNotVerified, .hashNotAllowed, .rateLimited, .rejected, .invalidRequest:
            false
        }
    }

    /// How long the service asks to wait before the next attempt.
    public var retryAfter: Duration? {
        switch self {
        case .rateLimited(_, let retryAfter), .server(_, let retryAfter): retryAfter
        case .transport, .unreadable, .schemaMismatch, .unauthorized, .notFound, .missingRoute, .ambiguousCvm,
            .validation, .conflict, .hashRegistrationRequired, .hashExpired, .transactionNotVerified,
            .hashNotAllowed, .rejected, .invalidRequest:
            nil
        }
    }
}
