// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import StrictJSON

/// Answers every request alike.
struct CannedTransport: HTTPTransport {
    let response: HTTPResponse

    func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse { response }
}

extension PhalaCloudClient<V20260121> {
    /// A client whose service gives one answer.
    static func answering(_ status: Int, _ body: JSON) throws -> PhalaCloudClient {
        let type = HTTPHeader("content-type", "application/json")
        let response = HTTPResponse(status: status, headers: HTTPHeaders([type]), body: Array(body.text.utf8))
        return PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1"), credential: .none,
            transport: CannedTransport(response: response))
    }
}
