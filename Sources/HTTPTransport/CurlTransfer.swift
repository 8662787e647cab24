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

    private let cancelled = Atomic<Bool>(false)
    private let end: ContinuousClock.Instant

    /// Memory that libcurl points to while the transfer runs.
    let body: UnsafeMutableBufferPointer<UInt8>
    let errorText: UnsafeMutableBufferPointer<CChar>
    var headerList: UnsafeMutablePointer<curl_slist>?

    /// The handle that runs the transfer, for options that change on the way.
    var handle: (easy: UnsafeMutableRawPointer, library: CurlLibrary)?

    /// How often the request has been begun: the connection stood, and its first byte was about to go.
    private(set) var attempts = 0

    /// Why one of our callbacks ended the transfer.
    var refusal: Refusal?

    private(set) var answer = AnswerHead()
    private var received: [UInt8] = []

    /// What our callbacks end a transfer for.
    enum Refusal {
        case bodyTooLarge
        case headersTooLarge
        case peer(String)
        case secondAttempt
    }

    init(request: HTTPRequest, url: EndpointURL, options: CurlTransportOptions) {
        self.request = request
        self.url = url
        self.options = options
        let longest: Duration = .seconds(24 * 3600)
        end = .now + min(max(request.deadline, .zero), longest)
        body = .allocate(capacity: request.body?.count ?? 0)
        _ = body.initialize(from: request.body ?? [])
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
    }

    deinit {
        body.deallocate()
        errorText.deallocate()
    }

    /// Asks for the end of the transfer.
    ///
    /// From any thread.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// The time left until the deadline, rounded up; 0 when it has passed.
    var remainingMilliseconds: Int {
        let left = ContinuousClock.now.duration(to: end)
        return left <= .zero ? 0 : Int((left / .milliseconds(1)).rounded(.up))
    }

    /// Frees what only libcurl needed.
    ///
    /// The handle must have let go of the transfer.
    func release(_ library: CurlLibrary) {
        library.functions.pointee.slist_free_all(headerList)
        headerList = nil
        handle = nil
    }

    // MARK: What libcurl calls

    /// The connection stands, and the request is about to be written to it; `false` forbids that.
    func willSend(to address: String) -> Bool {
        guard isAllowed(address) else { return false }
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
        if answer.isComplete, !wasComplete { watchSpeed() }
        return true
    }

    /// Takes bytes of the body; `false` ends the transfer.
    func take(body bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count <= request.maximumBodyBytes - received.count else {
            refusal = .bodyTooLarge
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }

    /// What became of it, in the words of the caller.
    func outcome(_ code: CURLcode) -> CurlLoop.Outcome {
        if code == CURLE_OK, refusal == nil {
            guard let status = answer.status else {
                return .failure(.lost(HTTPFailure(.malformed, "no status line")))
            }
            return .success(HTTPResponse(status: status, headers: answer.headers, body: received))
        }
        let failure: HTTPFailure
        switch refusal {
        case .bodyTooLarge?: return .failure(.bodyTooLarge(limit: request.maximumBodyBytes))
        case .headersTooLarge?: failure = HTTPFailure(.malformed, "the header fields are too long")
        case .peer(let text)?: failure = HTTPFailure(.peerRefused, text)
        case .secondAttempt?: failure = HTTPFailure(.closed, "the connection ended before an answer began")
        case nil: failure = CurlFailure.describe(code, detail: detail(code), hasAnswerBegun: answer.hasBegun)
        }
        return .failure(attempts == 0 ? .notSent(failure) : .lost(failure))
    }

    private func detail(_ code: CURLcode) -> String {
        guard let start = errorText.baseAddress, start.pointee != 0 else {
            return handle.map { $0.library.text(of: code) } ?? ""
        }
        errorText[errorText.count - 1] = 0
        return String(cString: start)
    }

    /// From the answer's begin on, it has to keep flowing.
    ///
    /// Before, the server may take its time to think.
    private func watchSpeed() {
        guard let handle else { return }
        let seconds = max(Int(options.slowPeriod / .seconds(1)), 1)
        _ = ccurl_set_long(
            handle.library.functions, handle.easy, CURLOPT_LOW_SPEED_LIMIT, options.slowestBytesPerSecond)
        _ = ccurl_set_long(handle.library.functions, handle.easy, CURLOPT_LOW_SPEED_TIME, seconds)
    }
}
