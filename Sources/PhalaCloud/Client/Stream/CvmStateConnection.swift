// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// One open stream of states, which holds one of the places that there are for them.
final class CvmStateConnection {
    /// What a stream ends with that ends without having said so.
    static let ended = CloudError.transport(.lost(HTTPFailure(.closed, "the stream of states ended")))

    /// One of the places; it is given back when nobody holds it any more.
    final class Place: Sendable {
        private let limit: StreamLimit

        /// Waits for a place; `nil` when the time is over or the task is cancelled.
        init?(_ limit: StreamLimit, within time: Duration, on clock: any Clock<Duration>) async {
            self.limit = limit
            if limit.enterIfFree() { return }
            let isIn = await withTaskGroup(of: Bool.self) { group in
                group.addTask { await limit.enter() }
                group.addTask {
                    // Cancelled as soon as there is a place.
                    do { try await clock.sleep(for: time) } catch {}
                    return false
                }
                let first = await group.next() ?? false
                group.cancelAll()
                // A place that came at the very end is one, too.
                let second = await group.next() ?? false
                return first || second
            }
            guard isIn else { return nil }
        }

        deinit { limit.leave() }
    }

    private var reader: HTTPStream.Iterator
    private var parser: ServerSentEventParser
    private let place: Place

    init(_ stream: HTTPStream, _ place: Place, limit: Int) {
        reader = stream.makeAsyncIterator()
        parser = ServerSentEventParser(limit: limit)
        self.place = place
    }

    /// The wait before a new connection that the service asked for.
    var reconnection: Duration? { parser.retry }

    /// The events that the next piece of the stream completes; there may be none.
    func next(isolation actor: isolated (any Actor)?) async throws(CloudError) -> [ServerSentEvent] {
        let piece: [UInt8]?
        do { piece = try await reader.next(isolation: actor) } catch { throw .transport(error) }
        guard let piece else { throw Self.ended }
        do { return try parser.take(piece) } catch { throw .transport(.bodyTooLarge(limit: error.limit)) }
    }
}
