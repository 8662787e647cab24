// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

/// Sorts the answers of the service.
struct CloudAnswer {
    let response: HTTPResponse

    private var status: Int { response.status }

    /// The body of a success, read as a type.
    func value<Value: CloudSchema>(as type: Value.Type = Value.self) throws(CloudError) -> Value {
        guard (200..<300).contains(status) else { throw error() }
        let json = try parsed()
        do { return try Value(decoding: JSONCursor(json)) } catch {
            throw .schemaMismatch(status: status, error)
        }
    }

    /// The body of a success, read as a type; an accepted call (202) without a body is read as `{}`.
    func valueOrEmpty<Value: CloudSchema>(as type: Value.Type = Value.self) throws(CloudError) -> Value {
        guard isAcceptedWithoutBody else { return try value() }
        do { return try Value(decoding: JSONCursor(.object(JSONObject()))) } catch {
            throw .schemaMismatch(status: status, error)
        }
    }

    /// Whether the service took the call on and says nothing about it.
    var isAcceptedWithoutBody: Bool { (status == 202 || status == 204) && response.body.isEmpty }

    /// Whether it is a 422 that is about a field of the body.
    func namesField(_ name: String) -> Bool {
        guard status == 422, case .validation(let fields, _) = error() else { return false }
        return fields.contains { $0.path == "body." + name || $0.path == name }
    }

    /// Whether the deployment does not have the route, so that it did nothing.
    var isMissingRoute: Bool {
        guard status == 404 || status == 405, case .missingRoute = error() else { return false }
        return true
    }

    /// Whether only a route that exists answers like this; whoever stands in front of the service may say the rest.
    var provesItsRoute: Bool {
        if (200..<300).contains(status) { return true }
        switch error() {
        case .notFound, .ambiguousCvm, .validation, .conflict, .hashRegistrationRequired, .hashExpired,
            .transactionNotVerified, .hashNotAllowed:
            return true
        case .transport, .unreadable, .schemaMismatch, .unauthorized, .missingRoute, .rateLimited, .server, .rejected,
            .invalidRequest:
            return false
        }
    }

    /// The error that an answer of any other status is.
    ///
    /// The status decides. Where an intermediary may have answered in the service's place, a body that is no JSON
    /// makes the answer unreadable; the statuses 465 to 468 are the service's alone.
    func error() -> CloudError {
        switch status {
        case 429: return .rateLimited(body().refusal(status: status), retryAfter: response.headers.retryAfter)
        case 408, 500...: return .server(body().refusal(status: status), retryAfter: response.headers.retryAfter)
        case 465: return hashRegistrationRequired()
        case 466: return .hashExpired(body().refusal(status: status))
        case 467: return .transactionNotVerified(body().refusal(status: status))
        case 468: return .hashNotAllowed(body().refusal(status: status))
        case 401: return .unauthorized(body().refusal(status: status))
        case 405: return .missingRoute(body().refusal(status: status))
        case 409: return .conflict(body().refusal(status: status))
        case 300..<400:
            return .rejected(CloudRefusal(status: status, message: "a redirect, which is not followed"))
        case _:
            break
        }
        let body: ErrorBody
        do {
            body = response.body.isEmpty ? ErrorBody() : ErrorBody(try parsed())
        } catch { return error }
        let refusal = body.refusal(status: status)
        switch (status, body.code) {
        case (400, "ERR-03-002"?), (400, "ERR-03-010"?): return .ambiguousCvm(refusal)
        case (403, _): return .unauthorized(refusal)
        case (404, nil) where body.message == "Not Found": return .missingRoute(refusal)
        case (404, _): return .notFound(refusal)
        case (422, _): return .validation(body.fieldErrors, refusal)
        case (_, _): return .rejected(refusal)
        }
    }

    /// The demand in an answer of status 465 to the first phase.
    func hashRequirement() throws(CloudError) -> HashRequirement {
        let body = ErrorBody(try parsed())
        do { return try HashRequirement(body) } catch { throw .schemaMismatch(status: status, error) }
    }

    private func hashRegistrationRequired() -> CloudError {
        let body = body()
        do {
            return .hashRegistrationRequired(try HashRequirement(body), body.refusal(status: status))
        } catch {
            return .hashRegistrationRequired(nil, body.refusal(status: status))
        }
    }

    /// The body of an error if it can be read, else an empty one.
    private func body() -> ErrorBody {
        do { return ErrorBody(try parsed()) } catch { return ErrorBody() }
    }

    private func parsed() throws(CloudError) -> JSON {
        if let type = response.headers.mediaType, !Self.isJSON(type) {
            throw .unreadable(status: status, reason: "it is \(PrintableText.escaped(type, limit: 60)), not JSON")
        }
        guard !response.body.isEmpty else { throw .unreadable(status: status, reason: "it is empty") }
        do {
            return try JSON(parsing: response.body, limits: JSONLimits(bytes: .max))
        } catch {
            throw Self.unreadable(error, status: status)
        }
    }

    private static func isJSON(_ mediaType: String) -> Bool {
        mediaType == "application/json" || mediaType.utf8.suffix(5).elementsEqual("+json".utf8)
    }

    private static func unreadable(_ error: JSONParseError, status: Int) -> CloudError {
        switch error {
        case .duplicateKey(let key, let offset):
            .schemaMismatch(
                status: status,
                JSONShapeError(
                    path: "$", expected: "each key once",
                    found: "the key \(PrintableText.escaped(key, limit: 60)) again at byte \(offset)"))
        case .tooDeep(let offset, let limit):
            .schemaMismatch(
                status: status,
                JSONShapeError(path: "$", expected: "at most \(limit) levels", found: "more at byte \(offset)"))
        case .unexpectedEnd:
            .unreadable(status: status, reason: "it ends too early")
        case .unexpectedByte(_, let offset), .trailingBytes(let offset), .invalidNumber(let offset),
            .invalidEscape(let offset), .invalidUTF8(let offset):
            .unreadable(status: status, reason: "it is no JSON from byte \(offset) on")
        case .tooLong(_, let limit):
            .unreadable(status: status, reason: "it is longer than \(limit) bytes")
        }
    }
}
