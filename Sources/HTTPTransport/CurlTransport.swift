// SPDX-License-Identifier: Apache-2.0

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
        let url: EndpointURL
        do {
            url = try EndpointURL(request.url, allowsUserinfo: true)
        } catch {
            throw .invalidURL(error)
        }
        guard url.isProtected || options.allowsInsecureHTTP else { throw .insecureURL(host: url.host.text) }
        if let field = request.headers.first(where: { !$0.isSendable }) {
            throw .invalidHeader(name: HTTPFailure(.malformed, field.name).detail)
        }
        let transfer = CurlTransfer(request: request, url: url, options: options)
        let loop = loop
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(transfer, continuation)
            }
        } onCancel: {
            loop.cancel(transfer)
        }
        return try result.get()
    }
}
