// SPDX-License-Identifier: Apache-2.0

/// A complete answer, of whatever status.
public struct HTTPResponse: Sendable, Hashable {
    /// The status code, 200 to 999.
    public let status: Int

    /// The header fields, without trailers.
    public let headers: HTTPHeaders

    /// The body, decoded from its transfer coding, else as it came.
    public let body: [UInt8]

    /// Puts an answer together.
    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
