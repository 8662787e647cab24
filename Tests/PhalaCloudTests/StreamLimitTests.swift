// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import Synchronization
import Testing

@testable import PhalaCloud

/// Who is in.
private final class Tally: Sendable {
    let state = Mutex((inside: 0, most: 0, done: 0))
}

@Suite struct StreamLimitTests {
    @Test func noMoreThanFiveAreInsideAndAllGetTheirTurn() async throws {
        let limit = StreamLimit()
        let seen = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    #expect(await limit.enter())
                    seen.state.withLock { state in
                        state.inside += 1
                        state.most = max(state.most, state.inside)
                    }
                    await Task.yield()
                    seen.state.withLock { state in
                        state.inside -= 1
                        state.done += 1
                    }
                    limit.leave()
                }
            }
        }
        #expect(seen.state.withLock { $0.done } == 40)
        #expect(seen.state.withLock { $0.most } <= StreamLimit.ofService)
    }

    @Test func whoIsCancelledGetsNoPlaceAndTakesNoneAway() async throws {
        let limit = StreamLimit(1)
        #expect(await limit.enter())
        let waiting = Task { await limit.enter() }
        waiting.cancel()
        #expect(await waiting.value == false)
        limit.leave()
        #expect(await limit.enter())
        limit.leave()
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            return await limit.enter()
        }
        late.cancel()
        #expect(await late.value == false)
        #expect(await limit.enter())
    }

    @Test func aPlaceIsGivenBackAfterAnError() async throws {
        let limit = StreamLimit(1)
        for _ in 0..<3 {
            let error = await failure { () async throws(CloudError) in
                try await limit.run { () async throws(CloudError) -> Int in throw .transport(.cancelled) }
            }
            #expect(error == .transport(.cancelled))
        }
        #expect(try await limit.run { () async throws(CloudError) -> Int in 7 } == 7)
    }

    @Test func copiesOfAClientShareTheLimit() async throws {
        let (client, _) = try scripted()
        #expect(client.withVersion(V20251028.self).streamLimit === client.streamLimit)
        #expect(client.retrying(RetryPolicy()).streamLimit === client.streamLimit)
        #expect(try scripted().0.streamLimit !== client.streamLimit)
    }
}
