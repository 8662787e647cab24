// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// HTTP by libcurl, which is opened when the first request is made.
///
/// All requests of one transport run on one thread of its own, never on Swift's cooperative pool. Connections are
/// kept alive and reused. HTTP/2 is spoken where the TLS handshake agrees on it, else HTTP/1.1. No redirect is
/// followed, no cookie is kept, no `.netrc` is read, no compression is asked for, certificates are always checked.
///
/// A proxy is used only where the environment names one, as libcurl reads it (`https_proxy`, `http_proxy`,
/// `all_proxy`, `no_proxy`), and never for a loopback host.
public final class CurlTransport: HTTPTransport {
    private let options: CurlTransportOptions
    private let loop: CurlLoop
    private let lastURL = Mutex<(text: String, url: EndpointURL)?>(nil)

    /// Prepares a transport; libcurl is not touched yet.
    public init(options: CurlTransportOptions = CurlTransportOptions()) {
        self.options = options
        loop = CurlLoop(limit: options.maximumConcurrentRequests)
    }

    deinit {
        loop.stop()
    }

    /// Sends one request and waits for the whole answer.
    public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        try await run(CurlTransfer(request: request, url: checkedURL(of: request), options: options))
    }

    /// Sends one request and waits for the head of the answer; the body comes in pieces.
    public func stream(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPStream {
        let stream = CurlStream(limit: options.streamBufferBytes)
        let transfer = CurlTransfer(
            request: request, url: try checkedURL(of: request), options: options, stream: stream)
        let head = try await run(transfer)
        return HTTPStream(
            status: head.status, headers: head.headers,
            next: { () async throws(HTTPTransportError) -> [UInt8]? in try await self.next(of: stream, transfer) },
            end: { self.loop.cancel(transfer) })
    }

    /// Hands a transfer to the loop and waits for its outcome, which for a stream is the head of the answer.
    private func run(_ transfer: CurlTransfer) async throws(HTTPTransportError) -> HTTPResponse {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(transfer, continuation)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try outcome.get()
    }

    private func next(of stream: CurlStream, _ transfer: CurlTransfer) async throws(HTTPTransportError) -> [UInt8]? {
        let piece = await withTaskCancellationHandler {
            await stream.next { loop.resume(transfer) }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try piece.get()
    }

    private func checkedURL(of request: HTTPRequest) throws(HTTPTransportError) -> EndpointURL {
        let url = try parsedURL(request.url)
        guard url.isProtected || options.allowsInsecureHTTP else { throw .insecureURL(host: url.host.text) }
        if let field = request.headers.first(where: { !$0.isSendable }) {
            throw .invalidHeader(name: HTTPFailure(.malformed, field.name).detail)
        }
        return url
    }
    /// Reads a URL, unless it is the one of the request before: many callers ask the same again and again.
    private func parsedURL(_ text: String) throws(HTTPTransportError) -> EndpointURL {
        if let last = lastURL.withLock({ $0 }), last.text.utf8.count == text.utf8.count,
            last.text.utf8.elementsEqual(text.utf8)
        {
            return last.url
        }
        let url: EndpointURL
        do {
            url = try EndpointURL(text, allowsUserinfo: true)
        } catch {
            throw .invalidURL(error)
        }
        lastURL.withLock { $0 = (text, url) }
        return url
    }
}
