// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON
import Synchronization

/// Answers requests from a list, in order, and remembers them.
///
/// When the list is used up nothing is sent.
final class ScriptedTransport: HTTPTransport {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    private let state: Mutex<(outcomes: [Outcome], requests: [HTTPRequest])>

    init(_ outcomes: [Outcome]) {
        state = Mutex((outcomes, []))
    }

    /// What was asked so far.
    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    /// What was asked so far, a line each: method, path, query and body.
    var wire: [String] {
        requests.map { request in
            let path = request.url.replacing("https://cloud.example/api/v1", with: "")
            return ([request.method.rawValue, path] + [request.bodyText].compactMap(\.self)).joined(separator: " ")
        }
    }

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        RequestLog.note(request)
        let outcome = state.withLock { state -> Outcome in
            state.requests.append(request)
            return state.outcomes.isEmpty
                ? .failure(.notSent(HTTPFailure(.connect, "the script is over"))) : state.outcomes.removeFirst()
        }
        return try outcome.get()
    }
}

extension ScriptedTransport.Outcome {
    /// An answer with a JSON body.
    static func json(_ status: Int, _ body: String, headers: [HTTPHeader] = []) -> Self {
        let type = HTTPHeader("content-type", "application/json; charset=utf-8")
        return .success(HTTPResponse(status: status, headers: HTTPHeaders([type] + headers), body: Array(body.utf8)))
    }

    /// An answer with any body.
    static func raw(_ status: Int, _ body: String, type: String? = nil) -> Self {
        let headers = type.map { [HTTPHeader("Content-Type", $0)] } ?? []
        return .success(HTTPResponse(status: status, headers: HTTPHeaders(headers), body: Array(body.utf8)))
    }
}

extension HTTPRequest {
    /// The value of a header field.
    func value(of name: String) -> String? { HTTPHeaders(headers)[name] }

    /// The body as text.
    var bodyText: String? { body.map { String(decoding: $0, as: UTF8.self) } }
}

extension ScriptedTransport {
    /// A client of the present version that asks this transport.
    func client(credential: CloudCredential? = nil) throws -> PhalaCloudClient<V20260121> {
        PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1/"),
            credential: try credential ?? .apiKey("phak_test\n"),
            transport: self)
    }
}

/// A client whose service answers as scripted.
func scripted(
    _ outcomes: ScriptedTransport.Outcome..., credential: CloudCredential? = nil
) throws -> (PhalaCloudClient<V20260121>, ScriptedTransport) {
    let transport = ScriptedTransport(outcomes)
    return (try transport.client(credential: credential), transport)
}

/// The error that a call ends with; `nil` when it succeeds.
func failure<Value: Sendable>(of call: () async throws(CloudError) -> Value) async -> CloudError? {
    do {
        _ = try await call()
        return nil
    } catch {
        return error
    }
}
