// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

/// What the simulation of whole runs has found, each as small as it can be.
@Suite("What simulation found")
struct AdversityTests {
    private static let foreign = TransactionHash(Bytes32.keccak256([1]))

    /// An operation that has signed and sent at nonce 0 while the head was 100 and no block came.
    private func sent(
        _ bench: TestBench, policy: Policy = Policy(), timeout: Duration = .seconds(3)
    ) async throws -> Orchestrator.Operation {
        bench.world.change { $0.minesBlocks = false }
        let operation = try await bench.engine().begin(bench.intent(policy: policy))
        await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(operation.id, options: RunOptions(timeout: timeout))
        }
        return operation
    }

    /// Somebody else's transaction has spent nonce 0 in a block.
    private func displace(_ bench: TestBench, inBlock block: UInt64) {
        bench.world.change { state in
            guard let signer = World.signer()?.address else { return }
            state.minedNonces[signer] = 1
            state.pool = []
            state.minesBlocks = true
            state.spentElsewhere[0] = World.Spending(hash: Self.foreign, blockNumber: block)
        }
    }

    @Test("a nonce's spender is searched from the depth of the head at signing: a reorganisation may have put it there")
    func spenderBelowHead() async throws {
        let bench = try TestBench()
        let operation = try await sent(bench, policy: Policy(confirmations: 3))
        #expect(try await bench.store.operation(operation.id)?.registration?.signedAtBlock == 100)
        displace(bench, inBlock: 99)
        let done = try await bench.engine().run(operation.id)
        #expect(done.phase == .running)
        #expect(done.registration?.attempts.map(\.nonce) == [0, 1])
    }

    @Test("a nonce's spender in a block that is not canonical proves nothing")
    func spenderOnAnotherBranch() async throws {
        let bench = try TestBench()
        let operation = try await sent(bench, policy: Policy(confirmations: 3))
        displace(bench, inBlock: 99)
        bench.world.change { $0.isSpenderStale = true }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(operation.id, options: RunOptions(timeout: .seconds(60)))
        }
        #expect(stop?.failure.code == .timeout && stop?.phase == .broadcast)
        #expect(bench.world.read { Set($0.sent.map(\.transaction.nonce)) } == [0])
        #expect(try await bench.store.openNonces().map(\.nonce) == [0])
        let ended = try #require(try await bench.store.operation(operation.id))
            .after(.superseded(.lostUpdate(found: nil)), at: Timestamp(milliseconds: 0))
        let entry = HistoryEntry(at: Timestamp(milliseconds: 0), phase: .superseded, event: "superseded")
        _ = try await bench.store.commit(StoreChange(operation: ended, entry: entry))
        #expect(try await bench.engine().settleOpenNonces().map(\.nonce) == [0])
        bench.world.change { $0.isSpenderStale = false }
        #expect(try await bench.engine().settleOpenNonces().isEmpty)
    }

    @Test("an operation whose nonce somebody else has spent ends when its checks no longer hold")
    func displacedAndRefused() async throws {
        let bench = try TestBench()
        let operation = try await sent(bench)
        displace(bench, inBlock: 100)
        bench.world.change { $0.owner = World.app }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(operation.id) }
        #expect(stop?.failure.code == .ownerMismatch)
        #expect(stop?.phase == .failed)
        #expect(try await bench.store.openNonces().isEmpty)
    }

    @Test("an earlier operation of the cloud is not taken for a change whose answer was lost")
    func earlierOperation() async throws {
        let bench = try TestBench()
        let first = Change.envs(EncryptedEnvironment(encrypted: "01"))
        let second = Change.envs(EncryptedEnvironment(encrypted: "02"))
        let api = bench.intent()
        func intent(_ change: Change) -> Intent {
            Intent(cvm: api.cvm, apiURL: api.apiURL, change: change, signer: api.signer)
        }
        #expect(try await bench.update(intent(first)).phase == .running)
        bench.world.change { $0.answers = [.transport(.lost(HTTPFailure(.timedOut)))] }
        #expect(try await bench.update(intent(second)).phase == .running)
        #expect(bench.world.read { $0.applied.count } == 2)
    }

    @Test("an update that the service takes back ends, saying so")
    func rollback() async throws {
        let bench = try TestBench()
        bench.world.change { $0.takesBack = true }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        #expect(stop?.failure.code == .finalConflict)
        #expect(stop?.phase == .failed)
        #expect(bench.world.read { $0.applied.count } == 1)
    }

    @Test("whoever waits for a block sends again what an ended operation holds at a lower nonce")
    func tending() async throws {
        let bench = try TestBench()
        let abandoned = try await sent(bench)
        // The first operation ends, and its bytes vanish.
        let stored = try #require(try await bench.store.operation(abandoned.id))
        let ended = try stored.after(.superseded(.lostUpdate(found: nil)), at: Timestamp(milliseconds: 0))
        let entry = HistoryEntry(at: Timestamp(milliseconds: 0), phase: .superseded, event: "superseded")
        _ = try await bench.store.commit(StoreChange(operation: ended, entry: entry))
        bench.world.change { $0.pool = [] }
        let later = try await bench.engine().begin(bench.intent(compose: "services: {db: {}}"))
        await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(later.id, options: RunOptions(timeout: .seconds(3)))
        }
        #expect(try await bench.store.operation(later.id)?.registration?.nonce == 1)
        bench.world.change { state in
            state.pool.removeAll { $0.transaction.nonce == 0 }
            state.minesBlocks = true
        }
        #expect(try await bench.engine().run(later.id).phase == .running)
        #expect(bench.world.registrations.count == 2)
    }

    @Test("an operation that never sent its bytes is given up only by using its nonce up, when later ones wait for it")
    func waitingNonces() async throws {
        let names = try TestBench()
        _ = try await names.update()
        let signed = try #require(names.world.read { $0.log.firstIndex(of: "commit signed") })
        let bench = try TestBench()
        bench.world.change { $0.cut = .init(call: signed, side: .after) }
        await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        bench.world.restart()
        let operation = try #require(try await bench.store.operations(unfinishedOnly: true).first)
        #expect(operation.mayBeCancelled)
        let signer = try #require(World.signer()?.address)
        let other = try #require(OperationID("op-0123456789abcdef"))
        let now = Timestamp(milliseconds: 0)
        let entry = HistoryEntry(at: now, phase: .created, event: "created")
        let later = try await bench.store.create(
            Orchestrator.Operation(id: other, intent: bench.intent(cvm: "another"), at: now), entry: entry)
        let lane = Lane(chainID: 31337, signer: signer)
        _ = try await bench.store.commit(StoreChange(operation: later, entry: entry, ledger: [.take(1, lane, from: 0)]))

        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().cancel(operation.id, replace: false)
        }
        #expect(stop?.failure.code == .conflict)
        #expect(try await bench.store.openNonces().map(\.nonce) == [0, 1])
        let cancelled = try await bench.engine().cancel(operation.id, replace: true)
        #expect(cancelled.phase == .cancelled)
        #expect(bench.world.registrations.isEmpty)
        #expect(try await bench.store.openNonces().map(\.nonce) == [1])
    }
}
