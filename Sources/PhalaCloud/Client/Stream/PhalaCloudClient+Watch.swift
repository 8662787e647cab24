// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

extension PhalaCloudClient {
    /// Watches the state of a CVM until it is the one that is waited for (`GET /cvms/{id}/state?target=…`, a stream of
    /// server-sent events).
    ///
    /// ```swift
    /// for try await event in try client.watchCvmState("my-app", target: "running") {
    ///     if case .complete(let state) = event { print("there it is: \(state.status)") }
    /// }
    /// ```
    ///
    /// A connection that is lost is opened again, after a wait that grows and is spread by chance, until the time is over;
    /// the client's ``RetryPolicy`` (or a plain one) says how. Errors that do not pass are thrown. A deployment that
    /// answers with the state itself is asked for it again and again. At most five streams of a client and its copies
    /// are open at once; further ones wait, which counts.
    ///
    /// - Parameters:
    ///   - id: a CVM id, a `vm_uuid`, an app id, an instance id, or a name that is unique in the workspace.
    ///   - target: the status to wait for, such as `running`.
    ///   - interval: how often the service looks, 5 to 30 seconds.
    ///   - timeout: how long to wait in all, 10 to 600 seconds.
    /// - Returns: the events, of which ``CvmStateEvent/complete(_:)``, ``CvmStateEvent/timeout(_:)`` or
    ///   ``CvmStateEvent/error(message:json:)`` is the last.
    /// - Throws: ``CloudError/invalidRequest(_:)`` for an argument that the service does not accept.
    public func watchCvmState(
        _ id: String, target: String, interval: Int = 5, timeout: Int = 300
    ) throws(CloudError) -> CvmStateWatch<Version> {
        let interval = try RequestCheck.range(interval, "interval", in: CvmStateRequest.intervals)
        let timeout = try RequestCheck.range(timeout, "timeout", in: CvmStateRequest.timeouts)
        return try watchCvmState(
            id, target: target, interval: interval, within: .seconds(timeout), pollInterval: .seconds(interval))
    }

    /// Watches for any length of time, over as many streams as that takes.
    package func watchCvmState(
        _ id: String, target: String, interval: Int, within limit: Duration, pollInterval: Duration
    ) throws(CloudError) -> CvmStateWatch<Version> {
        CvmStateWatch(
            client: self,
            request: CvmStateRequest(
                id: try RequestCheck.identifier(id), target: try RequestCheck.text(target, "target"),
                interval: interval, limit: limit, pollInterval: pollInterval))
    }

    /// What came when a stream was asked for.
    enum Opening {
        case stream(HTTPStream)
        /// A complete answer of success.
        case answer(CloudAnswer)
    }

    /// Asks for a stream of events.
    func open(
        _ request: CloudRequest, deadline: Duration, idleLimit: Duration
    ) async throws(CloudError) -> Opening {
        var httpRequest = httpRequest(request)
        httpRequest.headers = httpRequest.headers.map { field in
            field.name == "Accept" ? HTTPHeader("Accept", "text/event-stream, application/json;q=0.9") : field
        }
        httpRequest.deadline = deadline
        httpRequest.idleLimit = idleLimit
        let answer: CloudAnswer
        do throws(HTTPTransportError) {
            let stream = try await transport.stream(httpRequest)
            let isSuccess = (200..<300).contains(stream.status)
            if isSuccess, stream.headers.mediaType == "text/event-stream" { return .stream(stream) }
            answer = CloudAnswer(
                response: credential.removed(from: try await stream.collect(limit: options.maximumBodyBytes)))
        } catch {
            throw .transport(error)
        }
        guard (200..<300).contains(answer.response.status) else { throw answer.error() }
        return .answer(answer)
    }

    /// Sends a request once, with a shorter deadline than usual if need be.
    func send(_ request: CloudRequest, within time: Duration) async throws(CloudError) -> CloudAnswer {
        var httpRequest = httpRequest(request)
        httpRequest.deadline = min(httpRequest.deadline, time)
        do {
            return CloudAnswer(response: credential.removed(from: try await transport.send(httpRequest)))
        } catch {
            throw .transport(error)
        }
    }

    private func httpRequest(_ request: CloudRequest) -> HTTPRequest {
        request.httpRequest(base: baseURL, credential: credential, version: Version.header, options: options)
    }
}

extension HTTPStream {
    /// Reads the whole body.
    func collect(limit: Int) async throws(HTTPTransportError) -> HTTPResponse {
        var body: [UInt8] = []
        for try await piece in self {
            guard piece.count <= limit - body.count else { throw .bodyTooLarge(limit: limit) }
            body += piece
        }
        return HTTPResponse(status: status, headers: headers, body: body)
    }
}
