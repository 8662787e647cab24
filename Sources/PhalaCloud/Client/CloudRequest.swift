// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// One call of the API before it has an address.
struct CloudRequest {
    var method: HTTPMethod
    var segments: [String]
    var query: [(name: String, value: String)] = []
    var headers: [HTTPHeader] = []
    var body: RequestBody?
    /// Calls whose body is the credential send no key.
    var sendsCredential = true
    /// After which errors the same request may be sent again.
    var repetition: Repetition

    /// A call that reads.
    static func get(_ segments: [String], query: [(name: String, value: String)] = []) -> CloudRequest {
        CloudRequest(method: .get, segments: segments, query: query, repetition: .read)
    }

    /// A call that changes something.
    static func write(
        _ method: HTTPMethod, _ segments: [String], headers: [HTTPHeader] = [], body: RequestBody? = nil,
        repetition: Repetition = .write
    ) -> CloudRequest {
        CloudRequest(method: method, segments: segments, headers: headers, body: body, repetition: repetition)
    }

    /// The request as it goes to the transport; only reads are repeatable.
    func httpRequest(
        base: EndpointURL, credential: CloudCredential, version: String, options: CloudOptions
    ) -> HTTPRequest {
        var fields = [HTTPHeader("Accept", "application/json")]
        if let body { fields.append(HTTPHeader("Content-Type", body.contentType)) }
        fields.append(HTTPHeader("X-Phala-Version", version))
        if sendsCredential, let header = credential.header { fields.append(header) }
        return HTTPRequest(
            method: method,
            url: base.appending(segments, query: query).text,
            headers: fields + headers,
            body: body?.bytes,
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
