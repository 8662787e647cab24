// SPDX-License-Identifier: Apache-2.0

/// How a ``CurlTransport`` behaves for all its requests.
public struct CurlTransportOptions: Sendable, Hashable {
    /// The `User-Agent` header field.
    public var userAgent: String

    /// Whether `http://` may leave this machine.
    ///
    /// Off: only loopback hosts are reached unencrypted.
    public var allowsInsecureHTTP: Bool

    /// The time for name look-up, connection and TLS handshake; the deadline of a request may be shorter.
    public var connectTimeout: Duration

    /// The least number of body bytes a second, once the answer has begun; judged over ``slowPeriod``.
    public var slowestBytesPerSecond: Int

    /// How long an answer may come more slowly than ``slowestBytesPerSecond`` before it counts as stalled.
    public var slowPeriod: Duration

    /// The greatest length of all header fields of an answer together, in bytes.
    public var maximumHeaderBytes: Int

    /// How many bytes of a stream are kept for a reader who is behind; the server has to wait with more.
    public var streamBufferBytes: Int

    /// How many requests are under way at once; further ones wait, which counts against their deadlines.
    public var maximumConcurrentRequests: Int

    /// A PEM file with the certificate authorities to trust instead of the system's.
    public var certificateAuthorities: String?

    /// Sets the behaviour.
    public init(
        userAgent: String = "countersign",
        allowsInsecureHTTP: Bool = false,
        connectTimeout: Duration = .seconds(10),
        slowestBytesPerSecond: Int = 32,
        slowPeriod: Duration = .seconds(10),
        maximumHeaderBytes: Int = 64 * 1024,
        streamBufferBytes: Int = 256 * 1024,
        maximumConcurrentRequests: Int = 32,
        certificateAuthorities: String? = nil
    ) {
        self.userAgent = userAgent
        self.allowsInsecureHTTP = allowsInsecureHTTP
        self.connectTimeout = connectTimeout
        self.slowestBytesPerSecond = slowestBytesPerSecond
        self.slowPeriod = slowPeriod
        self.maximumHeaderBytes = maximumHeaderBytes
        self.streamBufferBytes = streamBufferBytes
        self.maximumConcurrentRequests = maximumConcurrentRequests
        self.certificateAuthorities = certificateAuthorities
    }
}
