// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Orchestrator

/// A store in front of a real one, on the same power: a commit may take effect without anybody hearing of it.
struct PoweredStore: OperationStore {
    let world: World
    let inner: any OperationStore

    private static let off = StoreError.inputOutput("the power is off")

    private func powered<Value>(
        _ name: String, _ body: () async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let (isOff, side) = world.change { state -> (Bool, World.PowerCut.Side?) in
            guard !state.isOff else { return (true, nil) }
            let call = state.calls
            state.calls += 1
            state.log.append(name)
            return (false, state.cut?.call == call ? state.cut?.side : nil)
        }
        if isOff { throw Self.off }
        if side == .before {
            world.change { $0.isOff = true }
            throw Self.off
        }
        let value = try await body()
        if side == .after {
            world.change { $0.isOff = true }
            throw Self.off
        }
        return value
    }

    func create(
        _ operation: Orchestrator.Operation, entry: HistoryEntry
    ) async throws(StoreError)
        -> Orchestrator.Operation
    {
        try await powered("create") { () async throws(StoreError) in
            try await inner.create(operation, entry: entry)
        }
    }

    func create(
        _ operation: Orchestrator.Operation, entries: [HistoryEntry]
    ) async throws(StoreError) -> Orchestrator.Operation {
        try await powered("create") { () async throws(StoreError) in
            try await inner.create(operation, entries: entries)
        }
    }

    func operation(_ id: OperationID) async throws(StoreError) -> Orchestrator.Operation? {
        if world.read({ $0.isOff }) { throw Self.off }
        return try await inner.operation(id)
    }

    func operations(unfinishedOnly: Bool) async throws(StoreError) -> [Orchestrator.Operation] {
        if world.read({ $0.isOff }) { throw Self.off }
        return try await inner.operations(unfinishedOnly: unfinishedOnly)
    }

    func commit(_ change: StoreChange) async throws(StoreError) -> Orchestrator.Operation {
        try await powered("commit \(change.entry.event)") { () async throws(StoreError) in
            try await inner.commit(change)
        }
    }

    func note(_ entry: HistoryEntry, of id: OperationID) async throws(StoreError) {
        if world.read({ $0.isOff }) { throw Self.off }
        try await inner.note(entry, of: id)
    }

    func history(of id: OperationID) async throws(StoreError) -> [HistoryEntry] {
        try await inner.history(of: id)
    }

    func nonces(of lane: Lane, from first: UInt64) async throws(StoreError) -> [SignedNonce] {
        try await inner.nonces(of: lane, from: first)
    }

    func openNonces() async throws(StoreError) -> [SignedNonce] { try await inner.openNonces() }

    func markSpent(_ nonce: UInt64, in lane: Lane) async throws(StoreError) {
        try await inner.markSpent(nonce, in: lane)
    }
}

/// A clock that goes on only when somebody waits; a block is mined for each second that passes.
struct WorldClock: EngineClock {
    let world: World

    func now() -> Timestamp {
        Timestamp(milliseconds: 1_700_000_000_000 + world.read { $0.uptime.milliseconds })
    }

    func uptime() -> Duration { world.read { $0.uptime } }

    func sleep(for duration: Duration) async throws(CancellationError) {
        world.change { state in
            let before = state.uptime.components.seconds
            state.uptime += duration
            while let next = state.events.first, next.at <= state.uptime {
                state.events.removeFirst()
                next.happen(&state)
            }
            let seconds = state.uptime.components.seconds - before
            if state.minesBlocks { for _ in 0..<min(seconds, 100) { state.mine() } }
        }
        await Task.yield()
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

/// Locks within one process.
final class WorldLocks: OperationLocking {
    private let held = Mutex<Set<OperationID>>([])

    func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)? {
        held.withLock { $0.insert(id).inserted } ? Held(locks: self, id: id) : nil
    }

    struct Held: OperationLock {
        let locks: WorldLocks
        let id: OperationID

        func unlock() { _ = locks.held.withLock { $0.remove(id) } }
    }
}
