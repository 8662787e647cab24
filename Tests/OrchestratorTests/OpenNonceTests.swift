// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("A signed nonce outlives its operation")
struct OpenNonceTests {
    private static let foreign = TransactionHash(Bytes32.keccak256([1]))

    /// An operation that was broadcast, and that another update then superseded before anything was mined.
    private func ended(_ bench: TestBench) async throws -> Orchestrator.Operation {
        bench.world.change { $0.minesBlocks = false }
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent())
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(3)))
        }
        let broadcast = try #require(try await bench.store.operation(operation.id))
        #expect(broadcast.phase == .broadcast)
        let now = Timestamp(milliseconds: 1_700_000_010_000)
        let next = try broadcast.after(.superseded(Failure(.superseded, "somebody else was faster")), at: now)
        let entry = HistoryEntry(at: now, phase: next.phase, event: "superseded")
        return try await bench.store.commit(StoreChange(operation: next, entry: entry))
    }

    @Test("and is noted as spent when a block at depth holds a transaction with it, ours or not")
    func spent() async throws {
        let bench = try TestBench()
        let operation = try await ended(bench)
        let sent = bench.world.read { $0.sent.count }
        bench.world.change { $0.spentElsewhere[0] = World.Spending(hash: Self.foreign, blockNumber: $0.head) }
        #expect(try await bench.engine(signer: nil).settleOpenNonces().isEmpty)
        #expect(try await bench.store.openNonces().isEmpty)
        #expect(bench.world.read { $0.sent.count } == sent)
        #expect(try await bench.store.operation(operation.id)?.phase == .superseded)
    }

    @Test("and is sent again, the same bytes, while no block has spent it; it stays listed")
    func sentAgain() async throws {
        let bench = try TestBench()
        let operation = try await ended(bench)
        bench.world.change { $0.pool = [] }
        let open = try await bench.engine(signer: nil).settleOpenNonces()
        #expect(open.map(\.nonce) == [0])
        #expect(open.map(\.operation) == [operation.id])
        let sent = bench.world.read { $0.sent }
        #expect(sent.count == 2)
        #expect(Set(sent.map(\.hash)) == Set(operation.registration?.attempts.map(\.hash) ?? []))
        #expect(bench.world.read { $0.pool.count } == 1)
    }

    @Test("and is left to its operation while that is unfinished")
    func unfinished() async throws {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        await #expect(throws: OperationStop.self) {
            _ = try await bench.update(options: RunOptions(timeout: .seconds(3)))
        }
        let calls = bench.world.read { $0.log.count }
        #expect(try await bench.engine().settleOpenNonces().map(\.nonce) == [0])
        #expect(bench.world.read { $0.log.count } == calls)
    }

    @Test("and stays listed while the chain is out of reach; another chain's endpoint is an error")
    func faults() async throws {
        let bench = try TestBench()
        _ = try await ended(bench)
        bench.world.change { $0.chainFault = .unavailable("down") }
        #expect(try await bench.engine().settleOpenNonces().count == 1)
        bench.world.change { $0.chainFault = .wrongChain(expected: 31337, found: 1, endpoint: "https://rpc.example") }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().settleOpenNonces() }
        #expect(stop?.failure.code == .wrongChain)
        #expect(try await bench.store.openNonces().count == 1)
    }

    @Test("and the next operation of the signer takes the one after it, and is mined once both are")
    func nextOperation() async throws {
        let bench = try TestBench()
        _ = try await ended(bench)
        bench.world.change { $0.minesBlocks = true }
        let next = try await bench.update(bench.intent(compose: "services: {next: {}}"))
        #expect(next.phase == .running)
        #expect(next.registration?.nonce == 1)
    }
}
