// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import Synchronization
import Testing

/// A clock that stands still until somebody sleeps, and then jumps to the end of the sleep.
private final class JumpingClock: Clock, Sendable {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex<(now: Duration, sleeps: [Duration])>((.zero, []))

    var now: Instant { Instant(offset: state.withLock { $0.now }) }
    var minimumResolution: Duration { .nanoseconds(1) }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(deadline.offset - state.now)
            state.now = deadline.offset
        }
    }
}

@Suite struct RetryTests {
    private func client(
        _ outcomes: [ScriptedTransport.Outcome], clock: JumpingClock, random: Double = 0,
        attempts: Int = 4, budget: Duration = .seconds(60)
    ) throws -> (PhalaCloudClient, ScriptedTransport) {
        let transport = ScriptedTransport(outcomes)
        let client = PhalaCloudClient(
            baseURL: try EndpointURL("https://cloud.example/api/v1"), credential: .none, transport: transport
        ).retrying(
            RetryPolicy(
                maximumAttempts: attempts, firstDelay: .seconds(1), maximumDelay: .seconds(3), budget: budget,
                clock: clock, random: { random }))
        return (client, transport)
    }

    @Test func readsAreRepeatedWithGrowingWaits() async throws {
        let clock = JumpingClock()
        let (client, transport) = try client(
            [
                .raw(502, ""), .failure(.lost(HTTPFailure(.timedOut))), .raw(200, "<html>", type: "text/html"),
                .json(200, "{}"),
            ], clock: clock)
        _ = try await client.composeFile("x")
        #expect(transport.requests.count == 4)
        #expect(clock.sleeps == [.milliseconds(500), .seconds(1), .milliseconds(1500)])
    }

    @Test func chanceSpreadsTheWaitsUpToTheWholeStep() async throws {
        let clock = JumpingClock()
        let (client, _) = try client([.raw(502, ""), .json(200, "{}")], clock: clock, random: 0.5)
        _ = try await client.composeFile("x")
        #expect(clock.sleeps == [.milliseconds(750)])
    }

    @Test func theServiceMayAskForALongerWait() async throws {
        let clock = JumpingClock()
        let (client, _) = try client(
            [.json(429, "{}", headers: [HTTPHeader("Retry-After", "20")]), .json(200, "{}")], clock: clock)
        _ = try await client.composeFile("x")
        #expect(clock.sleeps == [.seconds(20)])
    }

    @Test func attemptsAndTimeAreBounded() async throws {
        let clock = JumpingClock()
        let (bounded, first) = try client(Array(repeating: .raw(500, ""), count: 9), clock: clock, attempts: 3)
        #expect(
            await failure { () async throws(CloudError) in try await bounded.composeFile("x") }?.code == "unavailable")
        #expect(first.requests.count == 3)

        let (short, second) = try client(
            [.json(429, "{}", headers: [HTTPHeader("Retry-After", "61")]), .json(200, "{}")], clock: JumpingClock())
        #expect(
            await failure { () async throws(CloudError) in try await short.composeFile("x") }?.code == "rate-limited")
        #expect(second.requests.count == 1)
    }

    @Test func whatIsFinalIsNotRepeated() async throws {
        let clock = JumpingClock()
        for outcome: ScriptedTransport.Outcome in [
            .json(404, #"{"detail":"CVM not found"}"#), .json(401, "{}"), .json(200, "[]"),
            .failure(.insecureURL(host: "h")),
        ] {
            let (client, transport) = try client([outcome, .json(200, "{}")], clock: clock)
            #expect(await failure { () async throws(CloudError) in try await client.composeFile("x") } != nil)
            #expect(transport.requests.count == 1)
        }
        #expect(clock.sleeps.isEmpty)
    }

    @Test func writesAreNeverRepeated() async throws {
        let clock = JumpingClock()
        let hash = String(repeating: "00", count: 32)
        var patch = CvmPatch()
        patch.vcpu = .value(1)
        for outcome: ScriptedTransport.Outcome in [
            .raw(502, ""), .json(429, "{}"), .json(467, "{}"), .failure(.notSent(HTTPFailure(.connect))),
        ] {
            let (client, transport) = try client(Array(repeating: outcome, count: 9), clock: clock)
            _ = await failure { [patch] () async throws(CloudError) in try await client.patchCvm("x", patch) }
            _ = await failure { () async throws(CloudError) in
                try await client.confirmCvmPatch("x", composeHash: hash, proof: .alreadyRegistered)
            }
            _ = await failure { () async throws(CloudError) in
                try await client.commitCvmUpdate("x", token: "t", composeHash: hash, proof: .alreadyRegistered)
            }
            #expect(transport.requests.count == 3)
        }
    }

    @Test func aClientWithoutPolicyAsksOnce() async throws {
        let (client, transport) = try scripted(.raw(502, ""), .json(200, "{}"))
        #expect(await failure { () async throws(CloudError) in try await client.composeFile("x") } != nil)
        #expect(transport.requests.count == 1)
    }
}
