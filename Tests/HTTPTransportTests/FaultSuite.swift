// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import HTTPTransport

/// Whether the request may have been sent, and what went wrong.
struct Loss: Equatable {
    let isSent: Bool
    let kind: HTTPFailure.Kind

    init(_ isSent: Bool, _ kind: HTTPFailure.Kind) {
        self.isSent = isSent
        self.kind = kind
    }

    init?(_ error: HTTPTransportError?) {
        switch error {
        case .notSent(let failure)?: self.init(false, failure.kind)
        case .lost(let failure)?: self.init(true, failure.kind)
        case nil, .invalidURL?, .insecureURL?, .invalidHeader?, .unavailable?, .bodyTooLarge?, .cancelled?:
            return nil
        }
    }
}

/// What suites about failing requests share.
protocol FaultSuite {
    var transport: CurlTransport { get }
}

extension FaultSuite {
    /// The error of a request; fails the test when there is an answer.
    func failure(
        _ request: HTTPRequest, _ transport: CurlTransport? = nil, at location: SourceLocation = #_sourceLocation
    ) async -> HTTPTransportError? {
        do {
            let response = try await (transport ?? self.transport).send(request)
            Issue.record("answered with \(response.status)", sourceLocation: location)
            return nil
        } catch {
            return error
        }
    }

    func loss(
        _ request: HTTPRequest, _ transport: CurlTransport? = nil, at location: SourceLocation = #_sourceLocation
    ) async -> Loss? {
        Loss(await failure(request, transport, at: location))
    }

    func post(_ url: String, deadline: Duration = .seconds(20), isRepeatable: Bool = false) -> HTTPRequest {
        HTTPRequest(method: .post, url: url, body: [1, 2, 3], deadline: deadline, isRepeatable: isRepeatable)
    }
}
