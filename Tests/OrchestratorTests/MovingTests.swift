// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("An operation that moves to another machine")
struct MovingTests {
    /// Two machines in one world, and an operation that awaits approval on the first.
    private struct Machines {
        let bench: TestBench
        let other: TestBench
        let id: OperationID
        let hash: Bytes32

        var here: Engine { bench.engine() }
        var there: Engine { bench.engine(signer: nil, on: other.store) }

        /// The phases that both stores have of it.
        func phases() async throws -> [Phase?] {
            [try await bench.store.operation(id)?.phase, try await other.store.operation(id)?.phase]
        }
    }

    private func machines() async throws -> Machines {
        let bench = try TestBench()
        let operation = try await bench.update(bench.intent(mode: .prepareOnly))
        let hash = try #require(operation.preparation?.composeHash.bytes32)
        return Machines(bench: bench, other: try TestBench(), id: operation.id, hash: hash)
    }

    private func exported(
        _ engine: Engine, _ id: OperationID, withToken: Bool = true, asRecord: Bool = false
    ) async throws -> PortableDocument {
        try await engine.export(id, withToken: withToken, asRecord: asRecord) { ["phase": .string($0.phase.rawValue)] }
    }

    /// The same document, through its file.
    private func carried(_ document: PortableDocument) throws -> PortableDocument {
        try PortableDocument(parsing: Array(document.text.utf8))
    }

    private var commit: RunOptions { RunOptions(approval: .init()) }

    @Test("goes on there and not here, and is committed once, without a key")
    func roundTrip() async throws {
        let machines = try await machines()
        let document = try carried(try await exported(machines.here, machines.id))
        #expect(try await machines.phases() == [.moved, nil])
        let arrived = try await machines.there.adopt(document)
        #expect(arrived.phase == .awaitingApproval && arrived.hop == 1)
        #expect(try await machines.phases() == [.moved, .awaitingApproval])
        #expect(
            try await machines.other.store.history(of: machines.id).map(\.event).suffix(2) == ["moved", "imported"])
        machines.bench.world.change { _ = $0.allowed.insert(machines.hash) }
        for options in [RunOptions(), commit] {
            let stop = await #expect(throws: OperationStop.self) {
                _ = try await machines.here.run(machines.id, options: options)
            }
            #expect(stop?.failure.code == .finalConflict)
        }
        #expect(try await machines.there.run(machines.id, options: commit).phase == .running)
        #expect(machines.bench.world.read { $0.applied.count == 1 && $0.sent.isEmpty })
        #expect(try await machines.other.store.openNonces().isEmpty)
    }

    @Test("is written again, byte for byte, as long as it is not back")
    func exportedAgain() async throws {
        let machines = try await machines()
        let first = try await exported(machines.here, machines.id)
        _ = await #expect(throws: OperationStop.self) {
            _ = try await machines.here.run(machines.id, options: commit)
        }
        #expect(try await exported(machines.here, machines.id).text == first.text)
    }

    @Test("is imported again without a difference, and an older file is refused wherever it comes")
    func hops() async throws {
        let machines = try await machines()
        let first = try carried(try await exported(machines.here, machines.id))
        _ = try await machines.there.adopt(first)
        #expect(try await machines.there.adopt(first).revision == 0)
        // It left here with this file.
        try await refuse(first, machines.here)
        let second = try carried(try await exported(machines.there, machines.id))
        #expect(second.operation?.hop == 2)
        #expect(try await machines.phases() == [.moved, .moved])
        try await refuse(first, machines.there)
        try await refuse(second, machines.there)
        let back = try await machines.here.adopt(second)
        #expect(back.phase == .awaitingApproval && back.hop == 2 && back.failure == nil)
        try await refuse(first, machines.here)
        let third = try carried(try await exported(machines.here, machines.id))
        #expect(third.operation?.hop == 3)
        _ = try await machines.there.adopt(third)
        #expect(try await machines.phases() == [.moved, .awaitingApproval])
        machines.bench.world.change { _ = $0.allowed.insert(machines.hash) }
        #expect(try await machines.there.run(machines.id, options: commit).phase == .running)
        for file in [first, second, third] {
            try await refuse(file, machines.there)
            try await refuse(file, machines.here)
        }
    }

    private func refuse(_ document: PortableDocument, _ engine: Engine) async throws {
        let stop = await #expect(throws: OperationStop.self) { _ = try await engine.adopt(document) }
        #expect(stop?.failure.code == .finalConflict)
    }

    @Test("that came without its token says so before anything is asked, and takes it by name")
    func withoutToken() async throws {
        let machines = try await machines()
        let document = try carried(try await exported(machines.here, machines.id, withToken: false))
        #expect(!document.text.contains("token-1"))
        _ = try await machines.there.adopt(document)
        machines.bench.world.change { _ = $0.allowed.insert(machines.hash) }
        let before = machines.bench.world.read { $0.log }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await machines.there.run(machines.id, options: commit)
        }
        #expect(stop?.failure.code == .config)
        #expect(machines.bench.world.read { $0.log } == before)
        _ = try await machines.there.nameToken("token-1", of: machines.id)
        #expect(try await machines.there.run(machines.id, options: commit).phase == .running)
        let history = try await machines.other.store.history(of: machines.id)
        #expect(!history.contains { $0.detail.contains("token-1") })
    }

    @Test("takes the token that is named when it arrives, and no other afterwards")
    func tokenAtImport() async throws {
        let machines = try await machines()
        let document = try carried(try await exported(machines.here, machines.id, withToken: false))
        let arrived = try await machines.there.adopt(document, token: "token-1")
        #expect(arrived.preparation?.commitToken == "token-1" && !arrived.isTokenWithheld)
        await #expect(throws: OperationStop.self) { _ = try await machines.there.nameToken("other", of: machines.id) }
        #expect(try await machines.there.nameToken("token-1", of: machines.id).revision == arrived.revision)
    }

    @Test("that is known here by its token alone moves on, on the word of whoever named its hash")
    func adopted() async throws {
        let machines = try await machines()
        let prepared = try #require(try await machines.bench.store.operation(machines.id)?.preparation)
        let adopted = try await machines.there.adopt(
            cvm: "my-app", hash: prepared.spelledHash, token: "token-1",
            intent: machines.bench.intent(mode: .prepareOnly))
        #expect(adopted.intent.acceptedHash == prepared.composeHash)
        let third = try TestBench()
        let document = try carried(try await exported(machines.there, adopted.id))
        #expect(try await machines.bench.engine(signer: nil, on: third.store).adopt(document).hop == 1)
    }

    @Test("that comes back without its token has the token that stayed here")
    func backWithoutToken() async throws {
        let machines = try await machines()
        let prepared = try #require(try await machines.bench.store.operation(machines.id)?.preparation)
        let away = try carried(try await exported(machines.here, machines.id, withToken: false))
        _ = try await machines.there.adopt(away)
        let back = try await machines.here.adopt(try carried(try await exported(machines.there, machines.id)))
        #expect(back.phase == .awaitingApproval && back.preparation == prepared && !back.isTokenWithheld)
        machines.bench.world.change { _ = $0.allowed.insert(machines.hash) }
        #expect(try await machines.here.run(machines.id, options: commit).phase == .running)
    }

    @Test("that comes back with a token has that one, since it may have been renewed there")
    func backWithToken() async throws {
        let machines = try await machines()
        let away = try carried(try await exported(machines.here, machines.id, withToken: false))
        _ = try await machines.there.adopt(away, token: "token-of-there")
        let back = try await machines.here.adopt(try carried(try await exported(machines.there, machines.id)))
        #expect(back.preparation?.commitToken == "token-of-there" && !back.isTokenWithheld)
    }

    @Test("takes the token over from the same document that is imported again with it")
    func tokenLater() async throws {
        let machines = try await machines()
        let without = try carried(try await exported(machines.here, machines.id, withToken: false))
        let with = try carried(try await exported(machines.here, machines.id))
        #expect(try await machines.there.adopt(without).isTokenWithheld)
        let arrived = try await machines.there.adopt(with)
        #expect(arrived.preparation?.commitToken == "token-1" && !arrived.isTokenWithheld)
        #expect(try await machines.other.store.operation(machines.id) == arrived)
        for document in [with, without] {
            #expect(try await machines.there.adopt(document).revision == arrived.revision)
        }
        machines.bench.world.change { _ = $0.allowed.insert(machines.hash) }
        #expect(try await machines.there.run(machines.id, options: commit).phase == .running)
    }

    @Test("in any other phase stays where it is: its document is a record, and a record is not imported")
    func records() async throws {
        let bench = try TestBench()
        let done = try await bench.update()
        let record = try carried(try await exported(bench.engine(), done.id))
        #expect(record.operation == nil)
        #expect(try await bench.store.operation(done.id) == done)
        try await refuse(record, bench.engine())
        let machines = try await machines()
        let kept = try carried(try await exported(machines.here, machines.id, asRecord: true))
        #expect(kept.operation == nil)
        #expect(try await machines.phases() == [.awaitingApproval, nil])
        #expect(!kept.text.contains("token-1"))
    }

    @Test("does not take the place of an unfinished operation of the same CVM")
    func otherOperation() async throws {
        let machines = try await machines()
        let document = try await exported(machines.here, machines.id)
        let intent = machines.bench.intent(compose: "services: {other: {}}", mode: .prepareOnly)
        let other = machines.bench.engine(on: machines.other.store)
        let begun = try await other.begin(intent)
        #expect(try await other.run(begun.id).phase == .awaitingApproval)
        let stop = await #expect(throws: OperationStop.self) { _ = try await machines.there.adopt(document) }
        #expect(stop?.failure.code == .conflict)
        #expect(try await machines.phases() == [.moved, nil])
    }

    @Test("frees its CVM here")
    func freesTheCVM() async throws {
        let machines = try await machines()
        _ = try await exported(machines.here, machines.id)
        #expect(try await machines.bench.store.operations(unfinishedOnly: true).isEmpty)
        let next = try await machines.here.begin(machines.bench.intent(compose: "services: {next: {}}"))
        #expect(next.id != machines.id)
    }

    @Test("never goes on in two stores, and is never lost, whatever call of export or import the power goes at")
    func crashes() async throws {
        for step in ["export", "import"] {
            for call in 0..<4 {
                for side in World.PowerCut.Side.allCases { try await crash(step, call, side) }
            }
        }
    }

    private func crash(_ step: String, _ call: Int, _ side: World.PowerCut.Side) async throws {
        let comment = Comment(rawValue: "power cut \(side) call \(call) of \(step)")
        let machines = try await machines()
        let world = machines.bench.world
        func cut() { world.change { $0.cut = .init(call: $0.calls + call, side: side) } }
        if step == "export" { cut() }
        let document: PortableDocument
        do {
            document = try await exported(machines.here, machines.id)
        } catch {
            // No document has left: the operation is still here, or it is on its way and is written again.
            world.restart()
            #expect(try await machines.phases()[1] == nil, comment)
            document = try await exported(machines.here, machines.id)
        }
        #expect(try await machines.phases() == [.moved, nil], comment)
        world.restart()
        if step == "import" { cut() }
        do { _ = try await machines.there.adopt(try carried(document)) } catch {
            world.restart()
            _ = try await machines.there.adopt(try carried(document))
        }
        world.restart()
        #expect(try await machines.phases() == [.moved, .awaitingApproval], comment)
        world.change { _ = $0.allowed.insert(machines.hash) }
        #expect(try await machines.there.run(machines.id, options: commit).phase == .running, comment)
        #expect(world.read { $0.applied.count == 1 }, comment)
    }

    @Test("is locked while it is worked on")
    func locked() async throws {
        let machines = try await machines()
        let lock = try #require(try machines.here.locks.tryLock(machines.id))
        let engine = Engine(
            store: machines.bench.store, locks: Taken(), cloud: WorldCloud(world: machines.bench.world),
            chains: machines.bench.world, signer: nil, clock: WorldClock(world: machines.bench.world))
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await engine.export(machines.id, options: RunOptions(timeout: .seconds(1))) { _ in [:] }
        }
        #expect(stop?.failure.code == .locked)
        lock.unlock()
    }

    private struct Taken: OperationLocking {
        func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)? { nil }
    }
}
