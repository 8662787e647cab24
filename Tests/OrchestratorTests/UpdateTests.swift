// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import PhalaCloud
import Testing

@testable import Orchestrator

@Suite("An update, phase by phase")
struct UpdateTests {
    @Test("goes through all phases in order and ends running, with the hash it verified")
    func happyPath() async throws {
        let bench = try TestBench()
        let operation = try await bench.update()
        #expect(operation.phase == .running)
        #expect(operation.verification == .recomputed)
        #expect(operation.inclusion?.hash == operation.registration?.attempts.first?.hash)
        #expect(bench.world.read { $0.cvmHash } == operation.preparation?.composeHash)
        let phases = try await bench.store.history(of: operation.id).map(\.phase)
        var distinct: [Phase] = []
        for phase in phases where distinct.last != phase { distinct.append(phase) }
        #expect(
            distinct == [
                .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed, .running,
            ])
    }

    @Test("without a chain goes from created over committed to running")
    func withoutChain() async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainID = nil }
        let operation = try await bench.update()
        #expect(operation.phase == .running)
        #expect(operation.verification == .notRequired)
        #expect(bench.world.read { $0.sent.isEmpty })
    }

    @Test("that finds its hash allowed already sends no transaction")
    func alreadyRegistered() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let preview = try await engine.preview(bench.intent())
        let hash = try #require(preview.composeHash)
        #expect(preview.needsRegistration)
        _ = bench.world.change { $0.allowed.insert(hash.bytes32) }
        let operation = try await bench.update()
        #expect(operation.phase == .running)
        #expect(operation.alreadyRegistered)
        #expect(bench.world.read { $0.sent.isEmpty })
    }

    @Test("repeated by CI finds the unfinished operation of the same change; another change supersedes or conflicts")
    func repeated() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let first = try await engine.begin(bench.intent())
        #expect(try await engine.begin(bench.intent()).id == first.id)
        let second = try await engine.begin(bench.intent(compose: "services: {other: {}}"))
        #expect(second.id != first.id)
        #expect(try await bench.store.operation(first.id)?.phase == .superseded)
        bench.world.change { $0.minesBlocks = false }
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(second.id, options: RunOptions(timeout: .seconds(30)))
        }
        #expect(try await bench.store.operation(second.id)?.phase == .broadcast)
        let stop = await #expect(throws: OperationStop.self) { _ = try await engine.begin(bench.intent()) }
        #expect(stop?.failure.code == .conflict)
    }

    @Test("under another name of the CVM goes on where it had begun; another change gives way or is given up")
    func otherNames() async throws {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        let engine = bench.engine()
        let first = try await engine.begin(bench.intent())
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(first.id, options: RunOptions(timeout: .seconds(3)))
        }
        bench.world.change { $0.minesBlocks = true }
        let renamed = try await engine.begin(bench.intent(cvm: "app_a0a0"))
        #expect(renamed.id != first.id)
        let done = try await engine.run(renamed.id)
        #expect(done.id == first.id)
        #expect(done.phase == .running)
        #expect(try await bench.store.operation(renamed.id)?.phase == .superseded)
        // A third process that had found the second one unfinished ends where the first did.
        #expect(try await engine.run(renamed.id).id == first.id)
        #expect(bench.world.registrations.count == 1)

        bench.world.change { $0.minesBlocks = false }
        let second = try await engine.begin(bench.intent(compose: "services: {second: {}}"))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(second.id, options: RunOptions(timeout: .seconds(3)))
        }
        let rival = try await engine.begin(bench.intent(compose: "services: {rival: {}}", cvm: "app_a0a0"))
        let stop = await #expect(throws: OperationStop.self) { _ = try await engine.run(rival.id) }
        #expect(stop?.failure.code == .conflict)
        #expect(try await bench.store.operation(rival.id)?.phase == .cancelled)
    }

    @Test("prepared for somebody else signs nothing, waits, and is committed when the hash is registered")
    func prepareOnly() async throws {
        let bench = try TestBench()
        let operation = try await bench.update(bench.intent(mode: .prepareOnly))
        #expect(operation.phase == .awaitingApproval)
        let hash = try #require(operation.preparation?.composeHash)
        #expect(operation.preparation?.commitToken != nil)
        #expect(bench.world.read { $0.sent.isEmpty })
        let engine = bench.engine(signer: nil)
        var options = RunOptions()
        options.approval = .init()
        let early = await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: options)
        }
        #expect(early?.failure.code == .timeout)
        _ = bench.world.change { $0.allowed.insert(hash.bytes32) }
        let done = try await engine.run(operation.id, options: options)
        #expect(done.phase == .running)
        #expect(done.alreadyRegistered)
    }

    @Test("that was sent and never mined is replaced at the same nonce with both fees an eighth higher")
    func replacement() async throws {
        let bench = try TestBench()
        bench.world.change { $0.sendsBeforeMining = 2 }
        let done = try await bench.update()
        #expect(done.phase == .running)
        let attempts = try #require(done.registration?.attempts)
        #expect(attempts.count >= 2)
        #expect(Set(attempts.map(\.nonce)) == [0])
        for (old, new) in zip(attempts, attempts.dropFirst()) {
            #expect(new.maxFeePerGas >= FeeArithmetic.bumped(old.maxFeePerGas))
            #expect(new.maxPriorityFeePerGas >= FeeArithmetic.bumped(old.maxPriorityFeePerGas))
        }
        #expect(bench.world.registrations.count == 1)
    }

    @Test("that was mined and reverted waits for its depth, and is neither sent again nor replaced meanwhile")
    func revertedWaits() async throws {
        let bench = try TestBench()
        bench.world.change { $0.reverts = true }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(bench.intent(policy: Policy(confirmations: 40)))
        }
        #expect(stop?.failure.code == .reverted)
        #expect(bench.world.read { $0.sent.count } == 1)
        let operation = try #require(try await bench.store.operations(unfinishedOnly: false).first)
        #expect(operation.registration?.attempts.map(\.outcome) == [.reverted])
        #expect(try await bench.store.openNonces().isEmpty)
    }

    @Test("whose nonce was used up by a cancelling transfer waits for its depth, and signs nothing more meanwhile")
    func burnWaits() async throws {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent(policy: Policy(confirmations: 60)))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(3)))
        }
        await #expect(throws: OperationStop.self) {
            _ = try await engine.cancel(operation.id, replace: true, options: RunOptions(timeout: .seconds(3)))
        }
        bench.world.change { $0.minesBlocks = true }
        // Resumed instead of cancelled again: the burn is what was sent last.
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(40)))
        }
        let attempts = try await bench.store.operation(operation.id)?.registration?.attempts
        #expect(attempts?.map(\.purpose) == [.register, .burn])
        #expect(bench.world.read { $0.sent.count } == 2)
        #expect(try await engine.run(operation.id).phase == .cancelled)
        #expect(bench.world.registrations.isEmpty)
    }

    @Test("goes back to broadcast after a reorganisation and sends the same bytes again")
    func reorganisation() async throws {
        let bench = try TestBench()
        let world = bench.world
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent(policy: Policy(confirmations: 5)))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(4)))
        }
        let mined = try #require(try await bench.store.operation(operation.id))
        #expect(mined.phase == .mined)
        world.change { state in
            state.reorganisation += 1
            state.mined.removeAll()
            state.minedNonces.removeAll()
            if let hash = mined.preparation?.composeHash { state.allowed.remove(hash.bytes32) }
        }
        let done = try await engine.run(operation.id)
        #expect(done.phase == .running)
        #expect(done.registration?.attempts.count == 1)
        #expect(world.registrations.count == 1)
    }

    @Test("whose receipt has status 1 without the log is not mined, and nothing is confirmed")
    func receiptWithoutLog() async throws {
        let bench = try TestBench()
        bench.world.change { $0.omitsLogs = true }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        #expect(stop?.failure.code == .transactionVerificationFailed)
        #expect(stop?.phase == .broadcast || stop?.phase == .signed)
        #expect(bench.world.read { $0.applied.isEmpty })
    }

    @Test("whose receipt names a block that is not canonical is never confirmed, and waiting for it ends in time")
    func staleReceipt() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent(policy: Policy(confirmations: 5)))
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(4)))
        }
        bench.world.change { $0.reorganisation += 1 }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(30)))
        }
        #expect(stop?.failure.code == .timeout)
        #expect(stop?.phase == .broadcast || stop?.phase == .mined)
        #expect(bench.world.read { $0.applied.isEmpty })
    }

    @Test("whose nonce another transaction has provably spent is checked anew and signed at the next nonce")
    func spentElsewhere() async throws {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent())
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(3)))
        }
        let foreign = TransactionHash(Bytes32.keccak256([1]))
        bench.world.change { state in
            guard let signer = World.signer()?.address else { return }
            state.minedNonces[signer] = 1
            state.pool = []
            state.minesBlocks = true
        }
        // The count alone proves nothing.
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(3)))
        }
        #expect(try await bench.store.operation(operation.id)?.registration?.nonce == 0)
        bench.world.change { $0.spentElsewhere[0] = World.Spending(hash: foreign, blockNumber: $0.head) }
        let done = try await engine.run(operation.id)
        #expect(done.phase == .running)
        #expect(done.registration?.attempts.map(\.nonce) == [0, 1])
        #expect(bench.world.registrations.count == 1)
    }
}
