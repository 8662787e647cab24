// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// The store as one process sees it: a process may die before or after a transaction of the store takes effect.
struct WorkerStore: OperationStore {
    let worker: Worker

    /// What a dead process gets; nobody is there to read it.
    static let gone = StoreError.inputOutput("the process is dead")

    private var world: World { worker.world }

    private func read<Value>(_ body: () throws(StoreError) -> Value) async throws(StoreError) -> Value {
        guard worker.isAlive else { throw Self.gone }
        return try body()
    }

    private func write<Value>(
        _ call: StaticString, _ body: () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        guard await worker.enter(call) else { throw Self.gone }
        if world.trouble.storeFault > 0, worker.draw.chance(world.trouble.storeFault) {
            world.tally[.storeFault] += 1
            throw .inputOutput("no space left on device")
        }
        let value = try body()
        // What a process has stored and nobody has acted on yet is where a crash hurts most.
        guard worker.leave(call, weight: 3) else { throw Self.gone }
        return value
    }

    func create(
        _ operation: Orchestrator.Operation, entry: HistoryEntry
    ) async throws(StoreError) -> Orchestrator.Operation {
        try await write("create") { () throws(StoreError) in
            let stored = try world.store.create(operation)
            world.oracle.created(stored, in: world)
            world.note(0x10, "    \(stored.id) created by process \(worker.process)")
            return stored
        }
    }

    func operation(_ id: OperationID) async throws(StoreError) -> Orchestrator.Operation? {
        try await read { () throws(StoreError) in try world.store.operation(id) }
    }

    func operations(unfinishedOnly: Bool) async throws(StoreError) -> [Orchestrator.Operation] {
        try await read { () throws(StoreError) in try world.store.operations(unfinishedOnly: unfinishedOnly) }
    }

    func commit(_ change: StoreChange) async throws(StoreError) -> Orchestrator.Operation {
        try await write("commit") { () throws(StoreError) in
            let id = change.operation.id
            let before = world.store.value(id)
            let stored: Orchestrator.Operation
            do throws(StoreError) {
                stored = try world.store.commit(change)
            } catch {
                world.oracle.refused(change, before: before, error, in: world)
                throw error
            }
            world.tally.noteEvent(change.entry.event)
            world.note(
                UInt64(worker.process) << 16 | UInt64(change.entry.event.utf8.count) << 8 | 0x11,
                "    \(id) \(change.entry.event) -> \(stored.phase.rawValue)  \(change.entry.detail)")
            world.oracle.committed(change, before: before, after: stored, by: worker, in: world)
            return stored
        }
    }

    func note(_ entry: HistoryEntry, of id: OperationID) async throws(StoreError) {
        guard worker.isAlive else { throw Self.gone }
        world.tally.noteEvent(entry.event)
        world.note(0x12, "    \(id) \(entry.event): \(entry.detail)")
    }

    func history(of id: OperationID) async throws(StoreError) -> [HistoryEntry] { [] }

    func nonces(of lane: Lane, from first: UInt64) async throws(StoreError) -> [SignedNonce] {
        try await read { world.store.ledger.filter { $0.lane == lane && $0.nonce >= first } }
    }

    func openNonces() async throws(StoreError) -> [SignedNonce] {
        try await read {
            let open = world.store.ledger.filter { !$0.isSpent }
            return open.sorted { ($0.lane.signer, $0.nonce) < ($1.lane.signer, $1.nonce) }
        }
    }

    func markSpent(_ nonce: UInt64, in lane: Lane) async throws(StoreError) {
        try await write("mark spent") { () throws(StoreError) in
            world.store.markSpent(nonce, in: lane)
            world.oracle.spent(nonce, in: lane, world)
        }
    }
}
