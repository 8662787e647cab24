// SPDX-License-Identifier: Apache-2.0

import EthTx
import Synchronization
import Testing

@testable import Orchestrator

@Suite("Many operations of one signer")
struct LaneTests {
    private let lane = Lane(chainID: 31337, signer: World.app)

    private func signed(_ nonces: ClosedRange<UInt64>) throws -> [SignedNonce] {
        let id = try #require(OperationID("op-0123456789abcdef"))
        return nonces.map { SignedNonce(lane: lane, nonce: $0, operation: id, isSpent: false) }
    }

    @Test("from the head's count on as many nonces are signed as the window holds, and no more")
    func window() throws {
        func choose(_ head: UInt64, _ held: [SignedNonce]) -> NonceLane.Choice {
            NonceLane.choose(
                account: AccountState(countAtDepth: head, countAtHead: head, countPending: head, balance: 0),
                signed: held, window: 16)
        }
        #expect(try choose(7, signed(7...21)) == .take(22))
        #expect(try choose(7, signed(7...22)) == .full)
        #expect(try choose(8, signed(7...22)) == .take(23))
        // A gap below is filled though later nonces are signed.
        #expect(try choose(7, signed(8...22)) == .take(7))
        #expect(try !NonceLane.isFull(countAtHead: 7, signed: signed(7...21), window: 16))
        #expect(try NonceLane.isFull(countAtHead: 7, signed: signed(7...22), window: 16))
        #expect(try !NonceLane.isFull(countAtHead: .max, signed: signed(7...22), window: 16))
    }

    @Test("a lane has stopped when heads come and none of its transactions is mined")
    func stall() {
        var stall = LaneStall()
        let looks: [(count: UInt64, head: UInt64)] = [(5, 10), (5, 11), (5, 12), (5, 13), (6, 14), (6, 2)]
        let verdicts = looks.map { stall.isStalled(count: $0.count, head: $0.head) }
        #expect(verdicts == [false, false, true, false, false, false])
    }

    /// An operation that holds nonce 0 and has ended.
    private func ended(_ bench: TestBench) async throws {
        bench.world.change { $0.minesBlocks = false }
        await #expect(throws: OperationStop.self) {
            _ = try await bench.update(options: RunOptions(timeout: .seconds(3)))
        }
        let operation = try #require(try await bench.store.operations(unfinishedOnly: true).first)
        let now = Timestamp(milliseconds: 1_700_000_010_000)
        let next = try operation.after(.superseded(Failure(.superseded, "somebody else was faster")), at: now)
        let entry = HistoryEntry(at: now, phase: next.phase, event: "superseded")
        _ = try await bench.store.commit(StoreChange(operation: next, entry: entry))
    }

    @Test("while the window is full nothing more is signed, and what stands in it is sent again")
    func fullWindow() async throws {
        let bench = try TestBench()
        try await ended(bench)
        let engine = bench.engine(window: 1)
        let waiting = try await engine.begin(bench.intent(compose: "services: {next: {}}"))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(waiting.id, options: RunOptions(timeout: .seconds(30)))
        }
        #expect(try await bench.store.operation(waiting.id)?.phase == .verified)
        #expect(try await bench.store.openNonces().map(\.nonce) == [0])
        bench.world.change {
            $0.pool = []
            $0.minesBlocks = true
        }
        let done = try await engine.run(waiting.id)
        #expect(done.phase == .running)
        #expect(done.registration?.nonce == 1)
        #expect(bench.world.registrations.count == 2)
    }

    @Test("a gap that somebody else's vanished transaction leaves is filled by a transfer of 0 to oneself")
    func vanishedTransaction() async throws {
        let bench = try TestBench()
        let signer = try #require(World.signer()?.address)
        bench.world.change {
            $0.minedNonces[signer] = 1
            $0.minesBlocks = false
        }
        await #expect(throws: OperationStop.self) {
            _ = try await bench.update(options: RunOptions(timeout: .seconds(3)))
        }
        let stuck = try #require(try await bench.store.operations(unfinishedOnly: true).first)
        #expect(stuck.registration?.nonce == 1)
        bench.world.change {
            $0.minedNonces[signer] = 0
            $0.minesBlocks = true
        }
        let done = try await bench.engine().run(stuck.id)
        #expect(done.phase == .running)
        #expect(done.registration?.nonce == 1)
        let all = try await bench.store.operations(unfinishedOnly: false)
        let filler = try #require(all.first { $0.kind == .contractCall })
        #expect(filler.phase == .confirmed)
        #expect(filler.registration?.nonce == 0)
        let sent = bench.world.read { $0.sent.filter { $0.transaction.nonce == 0 } }
        #expect(!sent.isEmpty && sent.allSatisfy { $0.transaction.to == signer && $0.transaction.data.isEmpty })
        #expect(bench.world.registrations.count == 1)
        #expect(try await bench.store.openNonces().isEmpty)
    }

    @Test("a gap is not filled that the signer's next operation has taken")
    func nextOperationFills() async throws {
        #expect(NonceLane.gap(countAtHead: 3, below: 6, signed: try signed(3...5)) == nil)
        #expect(NonceLane.gap(countAtHead: 3, below: 6, signed: try signed(4...5)) == 3)
        #expect(NonceLane.gap(countAtHead: 6, below: 6, signed: []) == nil)
        let bench = try TestBench()
        let signer = try #require(World.signer()?.address)
        // The filler finds its nonce used, and signs nothing.
        bench.world.change { $0.minedNonces[signer] = 4 }
        let intent = Intent(
            cvm: signer.hex, apiURL: "https://cloud.example/api/v1",
            change: .call(ChainCall(.useNonce(3, of: signer), chainID: 31337)), mode: .register, goal: .confirmed,
            signer: signer)
        let done = try await bench.update(intent)
        #expect(done.phase == .confirmed && done.alreadyRegistered)
        #expect(bench.world.read { $0.sent.isEmpty })
    }

    @Test("a crew reports what is over while another process holds the rest, and takes that over when it is let go")
    func crew() async throws {
        let bench = try TestBench()
        let over = try await bench.update()
        let open = try await bench.engine().begin(bench.intent(compose: "services: {next: {}}"))
        let locks = TableOfLocks()
        let held = Mutex(try locks.tryLock(open.id))
        let ended = Mutex<[OperationID]>([])
        let crew = Crew(
            store: bench.store, locks: locks, engine: { _ in bench.engine() },
            ended: { id, outcome in
                guard case .success(let operation) = outcome, operation.phase == .running else {
                    Issue.record("\(id): \(outcome)")
                    return
                }
                ended.withLock { $0.append(id) }
                // What is over was told while the other one was held.
                held.withLock { lock in
                    lock?.unlock()
                    lock = nil
                }
            })
        await crew.run([open.id, over.id])
        #expect(ended.withLock { $0 } == [over.id, open.id])
    }

    @Test("a crew tells of what it never got that another process holds it")
    func heldToTheEnd() async throws {
        let bench = try TestBench()
        let open = try await bench.engine().begin(bench.intent())
        let locks = TableOfLocks()
        let lock = try #require(try locks.tryLock(open.id))
        defer { lock.unlock() }
        let codes = Mutex<[ErrorCode]>([])
        let crew = Crew(
            store: bench.store, locks: locks, engine: { _ in bench.engine() },
            ended: { _, outcome in
                guard case .failure(let error as OperationStop) = outcome else { return }
                codes.withLock { $0.append(error.failure.code) }
            })
        await crew.run([open.id], options: RunOptions(timeout: .milliseconds(300)))
        #expect(codes.withLock { $0 } == [.locked])
    }
}

/// Locks of operations in memory.
private final class TableOfLocks: OperationLocking {
    private struct Lock: OperationLock {
        let table: TableOfLocks
        let id: OperationID

        func unlock() { table.held.withLock { _ = $0.remove(id) } }
    }

    private let held = Mutex<Set<OperationID>>([])

    func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)? {
        held.withLock { $0.insert(id).inserted } ? Lock(table: self, id: id) : nil
    }
}
