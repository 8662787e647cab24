// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// Who works on which operation: locks that die with their holder.
final class SimulatedLocks {
    private var holders: [(id: OperationID, worker: Int, process: Int)] = []

    func take(_ id: OperationID, _ worker: Worker) -> Bool {
        guard !holders.contains(where: { $0.id == id }) else { return false }
        holders.append((id, worker.index, worker.process))
        worker.held.append(id)
        return true
    }

    func release(_ id: OperationID, _ worker: Worker) {
        holders.removeAll { $0.id == id && $0.worker == worker.index }
        if let place = worker.held.lastIndex(of: id) { worker.held.remove(at: place) }
    }

    func releaseAll(of worker: Worker) {
        holders.removeAll { $0.worker == worker.index }
        worker.held = []
    }

    /// Whether a worker's process holds a lock: one piece of its work may have taken it for another.
    func isHeld(_ id: OperationID, by worker: Worker) -> Bool {
        holders.contains { $0.id == id && $0.process == worker.process }
    }
}

/// The locks as one process sees them.
struct WorkerLocks: OperationLocking {
    let worker: Worker

    func tryLock(_ id: OperationID) throws(StoreError) -> (any OperationLock)? {
        guard worker.isAlive else { throw WorkerStore.gone }
        guard worker.world.locks.take(id, worker) else {
            worker.lockMisses += 1
            worker.world.tally[.lockedOut] += 1
            return nil
        }
        worker.lockMisses = 0
        return HeldLock(worker: worker, id: id)
    }

    private struct HeldLock: OperationLock {
        let worker: Worker
        let id: OperationID

        func unlock() {
            guard worker.isAlive else { return }
            worker.world.locks.release(id, worker)
        }
    }
}
