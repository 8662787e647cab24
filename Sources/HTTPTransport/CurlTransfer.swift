// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Synchronization

/// One request on its way, and what has come back so far.
///
/// Made by the caller, then touched only by the loop's thread (libcurl's callbacks run there, too); the flag for
/// cancellation is atomic. That is why it may be shared.
final class CurlTransfer: @unchecked Sendable {
    let request: HTTPRequest
    let url: EndpointURL
    let options: CurlTransportOptions

    /// Where the body of the answer goes; `nil` when the whole answer is waited for.
    let stream: CurlStream?

    /// Who waits for the answer, or for its head; until it was told.
    private var continuation: CheckedContinuation<CurlLoop.Outcome, Never>?

    private let cancelled = Atomic<Bool>(false)
    private let end: ContinuousClock.Instant

    /// The body, at an address that stays the same while the transfer runs.
    let body: UnsafeMutableBufferPointer<UInt8>

    /// The handle that runs the transfer.
    var handle: CurlHandle?

    /// How often the request has been begun: the connection stood, and its first byte was about to go.
    private(set) var attempts = 0

    /// Why one of our callbacks ended the transfer.
    private var refusal: Refusal?

    private var answer = AnswerHead()
    private var received: [UInt8] = []
    private var lastReception = ContinuousClock.now

    /// What our callbacks end a transfer for.
    private enum Refusal {
        case bodyTooLarge
        case headersTooLarge
        case peer(String)
        case secondAttempt
    }

    /// What became of bytes that libcurl brought.
    enum Reception {
        case taken
        /// They end the transfer.
        case refused
        /// The reader has no room; libcurl keeps them.
        case notYet
    }

    init(request: HTTPRequest, url: EndpointURL, options: CurlTransportOptions, stream: CurlStream? = nil) {
        self.request = request
        self.url = url
        self.options = options
        self.stream = stream
        let longest: Duration = .seconds(24 * 3600)
        end = .now + min(max(request.deadline, .zero), longest)
        body = .allocate(capacity: request.body?.count ?? 0)
        _ = body.initialize(from: request.body ?? [])
    }
    deinit {
        body.deallocate()
    }

    /// Names who waits; before the transfer is handed over.
    func expect(_ continuation: CheckedContinuation<CurlLoop.Outcome, Never>) {
        self.continuation = continuation
    }

    /// Tells who waits what became of the transfer.
    func tell(_ outcome: CurlLoop.Outcome) {
        if let continuation {
            self.continuation = nil
            continuation.resume(returning: outcome)
        }
        switch outcome {
        case .success: stream?.end(nil)
        case .failure(let error): stream?.end(error)
        }
    }

    /// Asks for the end of the transfer.
    ///
    /// From any thread.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// The time left until the deadline, rounded up; 0 when it has passed.
    var remainingMilliseconds: Int { CurlTransfer.milliseconds(ContinuousClock.now.duration(to: end)) }

    /// For a stream that has a limit on silence and whose reader waits: how much longer nothing may come.
    var millisecondsOfSilenceLeft: Int? {
        guard let stream, let limit = request.idleLimit, !stream.isPaused else { return nil }
        return CurlTransfer.milliseconds(limit - lastReception.duration(to: .now))
    }

    private static func milliseconds(_ left: Duration) -> Int {
        left <= .zero ? 0 : Int((min(left, .seconds(24 * 3600)) / .milliseconds(1)).rounded(.up))
    }

    // MARK: What libcurl calls

    /// The connection stands, and the request is about to be written to it; `false` forbids that.
    func willSend(to address: UnsafePointer<CChar>) -> Bool {
        guard request.peers == .any || isAllowed(String(cString: address)) else { return false }
        if attempts > 0, !request.isRepeatable {
            refusal = .secondAttempt
            return false
        }
        attempts += 1
        return true
    }

    /// Whether the policy of the request lets it go to an address.
    func isAllowed(_ address: String) -> Bool {
        switch request.peers {
        case .any: return true
        case .publicOnly:
            let scope = IPv4Address(address)?.scope ?? IPv6Address(address)?.scope
            if scope == .global { return true }
            refusal = .peer("\(url.host.text) has the address \(address), which is not public")
            return false
        }
    }

    /// Takes a line of the header section; `false` ends the transfer.
    func take(headerLine line: UnsafeBufferPointer<UInt8>) -> Bool {
        let wasComplete = answer.isComplete
        guard answer.take(line, limit: options.maximumHeaderBytes) else {
            refusal = .headersTooLarge
            return false
        }
        if answer.isComplete, !wasComplete { begin() }
        return true
    }

    /// The head of the answer is there.
    ///
    /// From here on a whole answer has to keep flowing; before, the server may take its time to think.
    private func begin() {
        if stream == nil {
            let seconds = max(Int(options.slowPeriod / .seconds(1)), 1)
            handle?.limitSpeed(bytesPerSecond: options.slowestBytesPerSecond, seconds: seconds)
        } else if let continuation, let status = answer.status {
            lastReception = .now
            self.continuation = nil
            continuation.resume(returning: .success(HTTPResponse(status: status, headers: answer.headers)))
        }
    }

    /// Takes bytes of the body.
    func take(body bytes: UnsafeBufferPointer<UInt8>) -> Reception {
        if let stream {
            lastReception = .now
            return stream.take(bytes) ? .taken : .notYet
        }
        guard bytes.count <= request.maximumBodyBytes - received.count else {
            refusal = .bodyTooLarge
            return .refused
        }
        if received.isEmpty, bytes.count >= 4096, let length = answer.headers.contentLength {
            received.reserveCapacity(max(bytes.count, min(length, request.maximumBodyBytes, 1 << 20)))
        }
        received.append(contentsOf: bytes)
        return .taken
    }

    // MARK: What became of it

    /// The outcome in the words of the caller.
    func outcome(_ code: CURLcode) -> CurlLoop.Outcome {
        if code == CURLE_OK, refusal == nil {
            guard let status = answer.status else {
                return .failure(.lost(HTTPFailure(.malformed, "no status line")))
            }
            return .success(HTTPResponse(status: status, headers: answer.headers, body: received))
        }
        switch refusal {
        case .bodyTooLarge?: return .failure(.bodyTooLarge(limit: request.maximumBodyBytes))
        case .headersTooLarge?: return failure(HTTPFailure(.malformed, "the header fields are too long"))
        case .peer(let text)?: return failure(HTTPFailure(.peerRefused, text))
        case .secondAttempt?:
            return failure(HTTPFailure(.closed, "the connection ended before an answer began"))
        case nil:
            let detail = handle?.detail(code) ?? ""
            return failure(CurlFailure.describe(code, detail: detail, hasAnswerBegun: answer.hasBegun))
        }
    }

    /// The outcome when nothing has come for too long.
    func silence() -> CurlLoop.Outcome {
        failure(HTTPFailure(.stalled, "nothing came for \((request.idleLimit ?? .zero) / .seconds(1)) seconds"))
    }

    private func failure(_ failure: HTTPFailure) -> CurlLoop.Outcome {
        .failure(attempts == 0 ? .notSent(failure) : .lost(failure))
    }
}
