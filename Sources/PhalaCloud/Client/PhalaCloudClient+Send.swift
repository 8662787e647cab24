// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

extension PhalaCloudClient {
    /// Sends a request, reads its answer as a type, and repeats both as far as the request and the policy allow.
    func call<Value: CloudSchema>(_ request: CloudRequest, as type: Value.Type) async throws(CloudError) -> Value {
        try await repeating(request.repetition) { () async throws(CloudError) -> Value in
            try await send(request).value()
        }
    }

    /// Runs a call, and runs it again as far as its kind and the policy allow.
    func repeating<Value: Sendable>(
        _ repetition: Repetition, _ call: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        guard let retryPolicy else { return try await call() }
        return try await retryPolicy.run(repetition, call)
    }

    /// Sends a request once.
    ///
    /// - Returns: an answer of whatever status.
    func send(_ request: CloudRequest) async throws(CloudError) -> CloudAnswer {
        let httpRequest = request.httpRequest(
            base: baseURL, credential: credential, version: Version.header, options: options)
        do {
            return CloudAnswer(response: credential.removed(from: try await transport.send(httpRequest)))
        } catch {
            throw .transport(error)
        }
    }

    /// Sends a request by the route of the documents, or by that of the live service where the first is missing.
    ///
    /// A missing route did nothing, so this is safe for writes.
    func send(
        documented: CloudRequest, live: CloudRequest, _ choice: RouteMemory.Choice
    ) async throws(CloudError) -> CloudAnswer {
        try await send(documented, or: live, choice) { answer, _ in answer.isMissingRoute }
    }

    /// Sends a request in the way that is known to work, or else in the other one, and remembers what worked.
    ///
    /// - Parameter isUnknown: whether an answer to one of the ways says that the deployment does not know this way and
    ///   did nothing.
    func send(
        _ first: CloudRequest, or second: CloudRequest, _ choice: RouteMemory.Choice,
        unless isUnknown: (CloudAnswer, RouteMemory.Way) -> Bool
    ) async throws(CloudError) -> CloudAnswer {
        let known = routes[choice]
        let (way, otherWay): (RouteMemory.Way, RouteMemory.Way) =
            known == .second ? (.second, .first) : (.first, .second)
        let answer = try await send(way == .first ? first : second)
        guard isUnknown(answer, way) else { return noted(answer, way, choice) }
        let other = try await send(way == .first ? second : first)
        guard isUnknown(other, otherWay) else { return noted(other, otherWay, choice) }
        return Self.moreTelling(answer, other, isFirstKnown: known != nil)
    }

    /// Sends a text as it is, or as the file of a form where the service wants that (415, or 422 before anything worked).
    func send(
        _ request: CloudRequest, fileName: String, _ choice: RouteMemory.Choice
    ) async throws(CloudError) -> CloudAnswer {
        guard case .text(let text, let mediaType)? = request.body else { return try await send(request) }
        var form = request
        form.body = .form(file: text, name: fileName, mediaType: mediaType)
        return try await send(request, or: form, choice) { answer, _ in
            answer.response.status == 415 || answer.response.status == 422 && routes[choice] == nil
        }
    }

    /// Remembers the way that an answer shows to exist.
    private func noted(_ answer: CloudAnswer, _ way: RouteMemory.Way, _ choice: RouteMemory.Choice) -> CloudAnswer {
        if answer.provesItsRoute { routes[choice] = way }
        return answer
    }

    /// Which of two refusals says more: a mistake in a field rather than an unknown type of body or a missing route.
    private static func moreTelling(
        _ first: CloudAnswer, _ second: CloudAnswer, isFirstKnown: Bool
    ) -> CloudAnswer {
        let namesFields = second.response.status == 422
        return namesFields && (first.response.status != 422 || !isFirstKnown) ? second : first
    }
}
