// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Synchronization

/// Lets only so many streams of states be open at once; whoever comes later waits, in turn.
///
/// The service allows five for each user. A client and its copies (other versions, with a retry policy) share one
/// limit, `PhalaCloudClient.streamLimit`. Whatever opens a stream holds a place for as long as the stream is open: it
/// enters before each connection and leaves when that ends, so a reconnect waits in turn, too.
final class StreamLimit: Sendable {
    /// How many streams of one user the service serves at once.
    static let ofService = 5

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        /// Who is about to wait and was not cancelled yet.
        var arriving: Set<UInt64> = []
    }

    private let state: Mutex<State>

    /// A limit, by default that of the service.
    init(_ count: Int = StreamLimit.ofService) {
        state = Mutex(State(free: max(count, 1)))
    }

    /// Waits for a place, which ``leave()`` gives back.
    ///
    /// - Returns: whether there is one; `false` means that the task was cancelled, and that there is none to give back.
    func enter() async -> Bool {
        let id = state.withLock { state in
            state.nextID &+= 1
            state.arriving.insert(state.nextID)
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    guard state.arriving.remove(id) != nil else { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                state.arriving.remove(id)
                guard let place = state.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return state.waiters.remove(at: place)
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Takes a place if there is one and nobody waits for it.
    func enterIfFree() -> Bool {
        state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
    }

    /// Gives a place back; the next in turn gets it.
    func leave() {
        let next: Waiter? = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }

    /// Runs something that needs a place.
    ///
    /// - Throws: what it throws, or ``CloudError/transport(_:)`` of `cancelled`.
    func run<Value: Sendable>(
        _ body: () async throws(CloudError) -> Value
    ) async throws(CloudError) -> Value {
        guard await enter() else { throw .transport(.cancelled) }
        defer { leave() }
        return try await body()
    }
}
