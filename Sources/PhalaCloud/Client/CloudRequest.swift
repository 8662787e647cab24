// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import StrictJSON

/// One call of the API before it has an address.
struct CloudRequest {
    var method: HTTPMethod
    var segments: [String]
    var query: [(name: String, value: String)] = []
    var headers: [HTTPHeader] = []
    var body: JSONObject?
    /// Calls whose body is the credential send no key.
    var sendsCredential = true
    var version: APIVersion

    static func get(
        _ segments: [String], query: [(name: String, value: String)] = [], version: APIVersion
    ) -> CloudRequest {
        CloudRequest(method: .get, segments: segments, query: query, version: version)
    }

    /// The request as it goes to the transport; only reads are repeatable.
    func httpRequest(base: EndpointURL, credential: CloudCredential, options: CloudOptions) -> HTTPRequest {
        var fields = [HTTPHeader("Accept", "application/json")]
        if body != nil { fields.append(HTTPHeader("Content-Type", "application/json")) }
        fields.append(HTTPHeader("X-Phala-Version", version.rawValue))
        if sendsCredential, let header = credential.header { fields.append(header) }
        return HTTPRequest(
            method: method,
            url: base.appending(segments, query: query).text,
            headers: fields + headers,
            body: body.map { Array(JSON.object($0).text.utf8) },
            deadline: options.deadline,
            maximumBodyBytes: options.maximumBodyBytes,
            isRepeatable: method.isSafe
        )
    }
}

/// The limits of each call.
public struct CloudOptions: Sendable, Hashable {
    /// How long one attempt may take.
    public var deadline: Duration

    /// How long the body of an answer may be, in bytes.
    public var maximumBodyBytes: Int

    /// Sets the limits.
    public init(deadline: Duration = .seconds(30), maximumBodyBytes: Int = 16 * 1024 * 1024) {
        self.deadline = deadline
        self.maximumBodyBytes = maximumBodyBytes
    }
}
