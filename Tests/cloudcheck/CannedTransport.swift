// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON

/// Answers every request alike, as a transport does: no longer body than the request allows, no body that is cut off.
struct CannedTransport: HTTPTransport {
    let response: HTTPResponse
    var isCutOff = false

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        if response.body.count > request.maximumBodyBytes { throw .bodyTooLarge(limit: request.maximumBodyBytes) }
        if isCutOff { throw .lost(HTTPFailure(.cut, "the body ends too early")) }
        return response
    }
}

extension PhalaCloudClient<V20260121> {
    /// A client whose service gives one answer.
    static func answering(
        _ status: Int, _ body: [UInt8], type: String? = "application/json", isCutOff: Bool = false,
        options: CloudOptions = CloudOptions()
    ) throws -> PhalaCloudClient {
        let headers = type.map { [HTTPHeader("content-type", $0)] } ?? []
        let response = HTTPResponse(status: status, headers: HTTPHeaders(headers), body: body)
        return PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1"), credential: .none,
            transport: CannedTransport(response: response, isCutOff: isCutOff), options: options)
    }

    /// A client whose service gives one answer.
    static func answering(_ status: Int, _ body: JSON) throws -> PhalaCloudClient {
        try answering(status, Array(body.text.utf8))
    }
}
