// SPDX-License-Identifier: Apache-2.0

import HTTPTransport

/// The states of a CVM as they change, until it is in the one that is waited for
/// (``PhalaCloudClient/watchCvmState(_:target:interval:timeout:)``).
///
/// Each reader opens a stream of its own; nothing is sent before the first event is asked for. A reader that goes away
/// closes its stream.
public struct CvmStateWatch<Version: APIVersion>: AsyncSequence, Sendable {
    /// What the stream tells.
    public typealias Element = CvmStateEvent

    /// What ends the sequence early.
    public typealias Failure = CloudError

    let client: PhalaCloudClient<Version>
    let request: CvmStateRequest

    /// Begins to watch.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(client: client, request: request) }

    /// Where a reader is.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let follower: CvmStateFollower<Version>

        init(client: PhalaCloudClient<Version>, request: CvmStateRequest) {
            follower = CvmStateFollower(client: client, request: request)
        }

        /// The next event; `nil` behind the last one, and after an error.
        public mutating func next() async throws(CloudError) -> CvmStateEvent? {
            try await next(isolation: nil)
        }

        /// The next event; `nil` behind the last one, and after an error.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(CloudError) -> CvmStateEvent? {
            try await follower.next(isolation: actor)
        }
    }
}
