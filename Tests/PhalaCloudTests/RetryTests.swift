// SPDX-License-Identifier: Apache-2.0

import HTTPTransport
import PhalaCloud
import Testing

@Suite struct RetryTests {
    private func client(
        _ outcomes: [ScriptedTransport.Outcome], clock: JumpingClock, random: Double = 0,
        attempts: Int = 4, budget: Duration = .seconds(60)
    ) throws -> (PhalaCloudClient<V20260121>, ScriptedTransport) {
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

    private static let hash = String(repeating: "00", count: 32)

    /// How often each kind of write is sent when the service always answers the same.
    private func sends(_ outcome: ScriptedTransport.Outcome) async throws -> [Int] {
        var patch = CvmPatch()
        patch.vcpu = .value(1)
        let (first, firstTransport) = try client(Array(repeating: outcome, count: 9), clock: JumpingClock())
        _ = await failure { [patch] () async throws(CloudError) in try await first.patchCvm("x", patch) }
        let (second, secondTransport) = try client(Array(repeating: outcome, count: 9), clock: JumpingClock())
        _ = await failure { () async throws(CloudError) in
            try await second.confirmCvmPatch("x", composeHash: Self.hash, proof: .alreadyRegistered)
        }
        let (third, thirdTransport) = try client(Array(repeating: outcome, count: 9), clock: JumpingClock())
        _ = await failure { () async throws(CloudError) in
            try await third.commitCvmUpdate("x", token: "t", composeHash: Self.hash, proof: .alreadyRegistered)
        }
        return [firstTransport, secondTransport, thirdTransport].map(\.requests.count)
    }

    /// The columns: a patch, a confirmation by hash, a commit by a token that is spent once.
    @Test func aWriteIsRepeatedOnlyWhereTwiceIsNoMoreThanOnce() async throws {
        for lost: ScriptedTransport.Outcome in [
            .raw(502, ""), .failure(.lost(HTTPFailure(.timedOut))), .json(409, "{}"), .raw(202, "<html>"),
        ] {
            #expect(try await sends(lost) == [1, 1, 4])
        }
        #expect(try await sends(.json(467, "{}")) == [1, 4, 4])
        for untouched: ScriptedTransport.Outcome in [.json(429, "{}"), .failure(.notSent(HTTPFailure(.connect)))] {
            #expect(try await sends(untouched) == [4, 4, 4])
        }
        for final: ScriptedTransport.Outcome in [
            .json(404, "{}"), .json(466, "{}"), .json(468, "{}"), .json(409, #"{"error_code":"ERR-02-001"}"#),
        ] {
            #expect(try await sends(final) == [1, 1, 1])
        }
    }

    @Test func aRefusalOfASpentTokenDoesNotHideALostAnswer() async throws {
        let lost = HTTPTransportError.lost(HTTPFailure(.timedOut))
        let (client, transport) = try client([.failure(lost), .json(466, "{}")], clock: JumpingClock())
        let error = await failure { () async throws(CloudError) in
            try await client.commitCvmUpdate("x", token: "t", composeHash: Self.hash, proof: .alreadyRegistered)
        }
        #expect(error == .transport(lost) && error?.leavesOutcomeUnknown == true)
        #expect(transport.requests.count == 2)
    }

    @Test func aClientWithoutPolicyAsksOnce() async throws {
        let (client, transport) = try scripted(.raw(502, ""), .json(200, "{}"))
        #expect(await failure { () async throws(CloudError) in try await client.composeFile("x") } != nil)
        #expect(transport.requests.count == 1)
    }
}
