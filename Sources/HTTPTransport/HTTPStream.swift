// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// An answer whose body comes in pieces, in the order and at the borders at which the network delivers them.
///
/// It is read once, by one reader. The server is made to wait while the reader is behind: no more than a fixed number
/// of bytes is kept. The transfer ends when the last copy of the stream and of its iterators is gone, and soon after
/// the task that reads is cancelled.
public struct HTTPStream: AsyncSequence, Sendable {
    /// Bytes of the body, at least one.
    public typealias Element = [UInt8]

    /// Why the body does not come to its end.
    public typealias Failure = HTTPTransportError

    /// The status code, 200 to 999.
    public let status: Int

    /// The header fields.
    public let headers: HTTPHeaders

    private let source: Source

    /// Puts a stream together.
    ///
    /// - Parameters:
    ///   - status: the status code.
    ///   - headers: the header fields.
    ///   - next: the next piece, which is not empty; `nil` behind the last one. Never called twice at once.
    ///   - end: called when nobody can read any more.
    public init(
        status: Int, headers: HTTPHeaders,
        next: @escaping @Sendable () async throws(HTTPTransportError) -> [UInt8]?,
        end: @escaping @Sendable () -> Void
    ) {
        self.status = status
        self.headers = headers
        source = Source(next: next, end: end)
    }

    /// A complete answer as a stream with one piece, or none.
    public init(_ response: HTTPResponse) {
        let rest = Rest(response.body)
        self.init(status: response.status, headers: response.headers, next: { rest.take() }, end: {})
    }

    /// A reader.
    public func makeAsyncIterator() -> Iterator { Iterator(source: source) }

    /// Reads the pieces.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: Source

        /// The next piece; `nil` at the end of the body.
        public mutating func next() async throws(HTTPTransportError) -> [UInt8]? {
            try await source.next()
        }

        /// The next piece; `nil` at the end of the body.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(HTTPTransportError) -> [UInt8]? {
            try await source.next()
        }
    }

    fileprivate final class Source: Sendable {
        let next: @Sendable () async throws(HTTPTransportError) -> [UInt8]?
        private let end: @Sendable () -> Void

        init(
            next: @escaping @Sendable () async throws(HTTPTransportError) -> [UInt8]?,
            end: @escaping @Sendable () -> Void
        ) {
            self.next = next
            self.end = end
        }

        deinit { end() }
    }

    /// A body that is handed over once.
    private final class Rest: Sendable {
        private let bytes: Mutex<[UInt8]>

        init(_ bytes: [UInt8]) { self.bytes = Mutex(bytes) }

        func take() -> [UInt8]? {
            bytes.withLock { bytes in
                let all = bytes
                bytes = []
                return all.isEmpty ? nil : all
            }
        }
    }
}
