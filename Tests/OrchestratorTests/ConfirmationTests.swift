// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("Telling the cloud, once")
struct ConfirmationTests {
    /// An update up to the confirmation, whose answers are then scripted, last one first.
    private func confirm(
        _ answers: [CloudError], then change: (@Sendable (inout World.State) -> Void)? = nil
    ) async throws -> (TestBench, Result<Orchestrator.Operation, OperationStop>) {
        let bench = try TestBench()
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent())
        bench.world.change { $0.minesBlocks = false }
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(2)))
        }
        bench.world.change { state in
            state.answers = answers
            state.minesBlocks = true
            change?(&state)
        }
        do {
            return (bench, .success(try await engine.run(operation.id)))
        } catch {
            return (bench, .failure(error))
        }
    }

    @Test("467 and 409 without a code are waited for, and nothing is registered twice")
    func transient() async throws {
        let (bench, result) = try await confirm([
            .conflict(World.refusal(409)), .transactionNotVerified(World.refusal(467)),
            .transactionNotVerified(World.refusal(467)),
        ])
        #expect(try result.get().phase == .running)
        #expect(bench.world.registrations.count == 1)
        #expect(bench.world.read { $0.applied.count } == 1)
    }

    @Test("466 prepares again, for a token only, and the same hash needs no second registration")
    func expired() async throws {
        let (bench, result) = try await confirm([.hashExpired(World.refusal(466))])
        let operation = try result.get()
        #expect(operation.phase == .running)
        #expect(operation.renewals == 1)
        #expect(bench.world.registrations.count == 1)
        #expect(bench.world.read { $0.log.filter { $0 == "prepare-only" }.count } == 1)
        #expect(bench.world.read { $0.log.contains("commit") })
    }

    @Test("a preparation turned down after three renewals ends the update, whose hash needs no second transaction")
    func turnedDownForGood() async throws {
        let (bench, result) = try await confirm([])
        #expect(try result.get().phase == .running)
        let again = bench.intent(compose: "services: {web: {image: other}}")
        bench.world.change { $0.confirmAnswers = Array(repeating: .hashExpired(World.refusal(466)), count: 4) }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(again) }
        #expect(stop?.phase == .superseded)
        #expect(stop?.failure.code == .finalConflict)
        #expect(stop?.failure.code.isRetryable == false)
        #expect(stop?.failure.message.contains("stays registered on chain") == true)
        let id = try #require(stop?.operation)
        let ended = try #require(try await bench.store.operation(id))
        #expect(ended.renewals == 3)
        #expect(ended.isFinished)
        #expect(bench.world.registrations.count == 2)
        #expect(bench.world.read { $0.applied.count } == 1)

        let next = try await bench.update(again)
        #expect(next.phase == .running)
        #expect(next.alreadyRegistered)
        #expect(bench.world.registrations.count == 2)
        #expect(bench.world.read { $0.applied.count } == 2)
    }

    @Test("a renewal whose answer is lost is not one of the three, and is bounded by time only")
    func lostRenewals() async throws {
        let lost = CloudError.transport(.lost(HTTPFailure(.timedOut)))
        let rounds = Array(repeating: [lost, .hashExpired(World.refusal(466))], count: 5).flatMap(\.self)
        let (bench, result) = try await confirm(rounds)
        let operation = try result.get()
        #expect(operation.phase == .running)
        #expect(operation.renewals == 0)
        #expect(bench.world.read { $0.log.count { $0 == "prepare-only" } } == 5)
        #expect(bench.world.registrations.count == 1)

        let (other, stopped) = try await confirm(
            Array(repeating: [lost, .hashExpired(World.refusal(466))], count: 20).flatMap(\.self))
        guard case .failure(let stop) = stopped else {
            Issue.record("lost renewals went on for ever")
            return
        }
        #expect(stop.failure.code.isRetryable)
        #expect(stop.phase == .confirmed)
        other.world.change { $0.answers = [] }
        let id = try #require(stop.operation)
        #expect(try await other.engine().run(id).phase == .running)
        #expect(other.world.registrations.count == 1)
    }

    @Test(
        "468 while the hash is allowed is waited for; while it is not, the operation fails and registers nothing again")
    func notAllowed() async throws {
        let (_, waited) = try await confirm([.hashNotAllowed(World.refusal(468))])
        #expect(try waited.get().phase == .running)
        let bench = try TestBench()
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent(policy: Policy(confirmations: 10)))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(3)))
        }
        bench.world.change { state in
            if let hash = state.pending { state.allowed.remove(hash.bytes32) }
        }
        let stop = await #expect(throws: OperationStop.self) { _ = try await engine.run(operation.id) }
        #expect(stop?.failure.code == .hashNotAllowed)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("a CVM whose hash is neither the one before nor ours belongs to somebody else's update")
    func lostUpdate() async throws {
        let other = ComposeHash(Bytes32.keccak256([7]))
        let (bench, result) = try await confirm([]) { $0.cvmHash = other }
        guard case .failure(let stop) = result else {
            Issue.record("somebody else's update was overwritten")
            return
        }
        #expect(stop.failure.code == .superseded)
        #expect(bench.world.read { $0.applied.isEmpty })
    }

    @Test("401 at the confirmation stops and stays resumable")
    func unauthorized() async throws {
        let (bench, result) = try await confirm([.unauthorized(World.refusal(401))])
        guard case .failure(let stop) = result else {
            Issue.record("a refused confirmation went on")
            return
        }
        #expect(stop.failure.code == .unauthorized)
        let id = try #require(stop.operation)
        #expect(try await bench.store.operation(id)?.phase == .confirmed)
        let done = try await bench.engine().run(id)
        #expect(done.phase == .running)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("an update whose CVM reports an error ends in a code that nobody retries")
    func failedRestart() async throws {
        let (bench, result) = try await confirm([]) { $0.status = "error" }
        guard case .failure(let stop) = result else {
            Issue.record("a CVM in error counted as running")
            return
        }
        #expect(stop.phase == .failed)
        #expect(!stop.failure.code.isRetryable)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("a cancelled task stores what has happened, and says that it was interrupted")
    func cancelled() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent())
        let run = Task { try await engine.run(operation.id) }
        run.cancel()
        let outcome = await run.result
        switch outcome {
        case .success: break
        case .failure(let error):
            let stop = try #require(error as? OperationStop)
            #expect(stop.failure == .interrupted)
        }
        #expect(try await engine.run(operation.id).phase == .running)
        #expect(bench.world.registrations.count == 1)
    }
}
