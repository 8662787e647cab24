// SPDX-License-Identifier: Apache-2.0

/// One request, complete before it is sent.
public struct HTTPRequest: Sendable {
    /// The method.
    public var method: HTTPMethod

    /// The absolute URL, `http` or `https`; its form is that of ``EndpointURL``.
    public var url: String

    /// The header fields, sent in this order.
    ///
    /// `Content-Length`, `Host` and other framing fields are the transport's.
    public var headers: [HTTPHeader]

    /// The body; `nil` sends none.
    public var body: [UInt8]?

    /// How long all of it may take, from the call until the last byte of the answer.
    public var deadline: Duration

    /// How long nothing may come from the server before a stream ends as stalled.
    ///
    /// The time in which the reader of the stream is behind does not count. `nil`: only the deadline counts. Without
    /// meaning for a whole answer, for which the transport has a limit of its own.
    public var idleLimit: Duration?

    /// How long the body of a whole answer may be, in bytes.
    ///
    /// One byte more ends the transfer. Without meaning for a stream, which may be endless.
    public var maximumBodyBytes: Int

    /// Whether sending this request twice does the same as sending it once.
    ///
    /// When a connection that was kept alive turns out to be dead before any byte of the answer came, the
    /// transport sends a repeatable request once more over a new connection, silently: the first one may have
    /// been processed nevertheless. A request that is not repeatable always goes over a connection of its own
    /// and is never sent a second time: the caller gets ``HTTPTransportError/lost(_:)`` and looks up what became
    /// of it. Reads are repeatable, also as JSON-RPC over POST; so is the broadcast of the same signed bytes; a
    /// write to a service is not.
    public var isRepeatable: Bool

    /// Which network addresses the request may go to.
    public var peers: PeerPolicy

    /// Describes a request.
    ///
    /// Where nothing is said about `isRepeatable`, the method decides: `GET` and `HEAD` are, others are not.
    public init(
        method: HTTPMethod,
        url: String,
        headers: [HTTPHeader] = [],
        body: [UInt8]? = nil,
        deadline: Duration = .seconds(30),
        maximumBodyBytes: Int = 16 * 1024 * 1024,
        isRepeatable: Bool? = nil,
        peers: PeerPolicy = .any,
        idleLimit: Duration? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
        self.maximumBodyBytes = maximumBodyBytes
        self.isRepeatable = isRepeatable ?? method.isSafe
        self.peers = peers
        self.idleLimit = idleLimit
    }
}
