// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// Knows everything, and checks after each step what must hold.
final class Oracle {
    /// What is known of an operation beside what it stores.
    struct Record {
        let id: OperationID
        /// How often the cloud has begun to apply it, without what it took back itself.
        var applied = 0
        /// Whether a request of it was carried out that its sender had given up, or that came a second time.
        var hasStrayed = false
    }

    private(set) var records: [Record] = []

    /// When an app's allowances or the canonical branch changed last.
    var chainChangedAt: Int64 = -1_000_000_000

    func index(of id: OperationID) -> Int? {
        records.firstIndex { $0.id == id }
    }

    /// Whether the cloud has begun to apply an operation.
    func isApplied(_ id: OperationID) -> Bool {
        index(of: id).map { records[$0].applied > 0 } ?? false
    }

    func created(_ operation: Orchestrator.Operation, in world: World) {
        records.append(Record(id: operation.id))
    }

    /// A write took effect.
    func committed(
        _ change: StoreChange, before: Orchestrator.Operation?, after: Orchestrator.Operation, by worker: Worker,
        in world: World
    ) {
        guard let before, let index = index(of: after.id) else {
            return world.violate(.fencing, "\(after.id) was written and never created")
        }
        checkFencing(change, before: before, after: after, worker, world)
        checkAttempts(before: before, after: after, index, world)
        checkLedger(change, after, world)
        checkCounts(before: before, after: after, world)
        if before.phase != after.phase { checkPhase(before: before, after: after, index, worker, world) }
    }

    /// A write was refused.
    func refused(_ change: StoreChange, before: Orchestrator.Operation?, _ error: StoreError, in world: World) {
        world.tally[.refusedWrite] += 1
        guard world.store.value(change.operation.id) == before else {
            return world.violate(.fencing, "a refused write changed \(change.operation.id): \(error)")
        }
    }

    // MARK: Writes

    /// 15, and promise 10: who writes holds the lock and has read what it replaces.
    private func checkFencing(
        _ change: StoreChange, before: Orchestrator.Operation, after: Orchestrator.Operation, _ worker: Worker,
        _ world: World
    ) {
        guard world.locks.isHeld(after.id, by: worker) else {
            return world.violate(.fencing, "\(after.id) was written by a process without its lock")
        }
        guard change.operation.revision == before.revision, after.revision == before.revision + 1,
            after.intent == before.intent, after.createdAt == before.createdAt
        else { return world.violate(.fencing, "a write of \(after.id) passed over another") }
        let (old, new) = (before.attempts, after.attempts)
        let keepsAll =
            old.count <= new.count
            && zip(old, new).allSatisfy { $0.raw == $1.raw && ($0.sendingAt == nil || $1.sendingAt != nil) }
        if !keepsAll { world.violate(.fencing, "a write of \(after.id) lost an attempt or its mark") }
    }

    /// 17, 18, 20.
    private func checkCounts(before: Orchestrator.Operation, after: Orchestrator.Operation, _ world: World) {
        if before.isFinished { world.violate(.final, "\(after.id) left phase \(before.phase.rawValue)") }
        if after.renewals > 3 { world.violate(.renewals, "\(after.id) prepared again \(after.renewals) times") }
        guard before.target == nil, let target = after.target, !after.isFinished else { return }
        let rivals = world.store.values.filter { !$0.isFinished && $0.target?.cvmID == target.cvmID }
        if rivals.count > 1 {
            world.violate(.oneUnfinished, "\(rivals.count) operations of \(target.cvmID) are unfinished")
        }
    }

    /// 5, 20.
    private func checkLedger(_ change: StoreChange, _ after: Orchestrator.Operation, _ world: World) {
        for entry in change.ledger {
            switch entry {
            case .take(let nonce, let lane, _):
                checkGaps(lane, upTo: nonce, world)
                checkWindow(nonce, lane, world)
            case .release(let nonce, let lane):
                let wasSent = after.attempts.contains { $0.nonce == nonce && $0.sendingAt != nil }
                if wasSent == true { world.violate(.final, "nonce \(nonce) was released after it was sent") }
                for entry in world.store.ledger where entry.lane == lane && !entry.isSpent {
                    checkGaps(lane, upTo: entry.nonce, world)
                }
            case .spend(let nonce, let lane): spent(nonce, in: lane, world)
            }
        }
    }

    /// 24: no nonce is taken that is farther ahead than the window, by any count that an endpoint can have given.
    private func checkWindow(_ nonce: UInt64, _ lane: Lane, _ world: World) {
        let signer = world.plan.signer(at: lane.signer)
        let reached = world.chain.reached[signer]
        if nonce >= reached + world.plan.window {
            world.violate(.window, "nonce \(nonce) is signed while \(reached) are mined, window \(world.plan.window)")
        }
    }

    private func checkGaps(_ lane: Lane, upTo nonce: UInt64, _ world: World) {
        let signer = world.plan.signer(at: lane.signer)
        var least = world.chain.count(of: signer, at: world.chain.depthBlock, in: world.chain.canonical)
        while least < nonce {
            if !world.store.ledger.contains(where: { $0.nonce == least && $0.lane == lane }) {
                return world.violate(.noGap, "nonce \(nonce) is signed and nobody has signed \(least)")
            }
            least += 1
        }
    }

    /// A nonce was noted as spent: 20.
    func spent(_ nonce: UInt64, in lane: Lane, _ world: World) {
        if world.chain.deepSpender(of: nonce, by: world.plan.signer(at: lane.signer)) == nil {
            world.violate(.final, "nonce \(nonce) is noted as spent, and no block at depth has spent it")
        }
    }

    // MARK: Effects

    /// Bytes leave a process: 4.
    func sending(_ raw: [UInt8], by worker: Worker, in world: World) {
        for operation in world.store.values {
            for attempt in operation.attempts where attempt.raw == raw {
                if attempt.sendingAt != nil { return }
            }
        }
        world.violate(.storedBefore, "bytes are sent that the store does not hold with their mark")
    }

    /// A change leaves a process: its intent is stored (promise 2), unless it only provisions.
    func preparing(_ id: OperationID?, _ change: Change, in world: World) {
        guard let id, let operation = world.store.value(id) else {
            return world.violate(.storedBefore, "a change is sent for no operation")
        }
        if change.kind != .composeFile, operation.prepareSentAt == nil, operation.confirmation == nil {
            world.violate(.storedBefore, "\(id) sends a change without having stored the intent")
        }
    }

    /// A confirmation leaves a process: its intent is stored, and the hash is the one that was verified (2, 10).
    func confirming(_ id: OperationID?, spelledHash: String, in world: World) {
        guard let id, let operation = world.store.value(id) else {
            return world.violate(.storedBefore, "a confirmation is sent for no operation")
        }
        if operation.confirmation == nil {
            world.violate(.storedBefore, "\(id) confirms without having stored the intent")
        }
        if operation.preparation?.spelledHash != spelledHash || operation.verification == nil {
            world.violate(.oneHash, "\(id) confirms \(spelledHash)")
        }
    }

    /// An endpoint's answer is used: 19.
    func answered(endpoint: Int, to worker: Worker, chainID: UInt64, in world: World) {
        let isCompared = worker.checkedEndpoints & 1 << UInt64(endpoint) != 0
        if !isCompared || endpoint == world.plan.foreignEndpoint || chainID != Blockchain.id {
            world.violate(.chainCompared, "an answer of endpoint \(endpoint) for chain \(chainID)")
        }
        worker.askedAt = world.now
    }

    /// The cloud carries out what an operation has prepared: 11 and 12.
    ///
    /// - Parameter isStray: whether it does so for a request that its sender has given up, or that comes a second time.
    func applying(_ id: OperationID?, to cvm: SimulatedCvm, hash: ComposeHash, isStray: Bool, in world: World) {
        guard let id, let index = index(of: id), let operation = world.store.value(id) else { return }
        let hadStrayed = records[index].hasStrayed
        if isStray { records[index].hasStrayed = true }
        let takenBack = cvm.changes.contains { $0.operation == id && $0.isOver && $0.restart == .rollsBack }
        records[index].applied += 1
        if records[index].applied > 1, !takenBack {
            // The service carries out a change that leaves the hash as often as it hears of it; any other only where
            // somebody else has changed the CVM since, or when the operation is over.
            let isOtherBase = operation.target?.baseHash != cvm.hash
            guard isStray || hadStrayed, hash == cvm.hash || (isStray && (operation.isFinished || isOtherBase)) else {
                return world.violate(.appliedOnce, "\(id) is applied \(records[index].applied) times")
            }
            world.tally.note(hash == cvm.hash ? .strayRepeat : .strayAfterEnd)
        } else if operation.isFinished {
            // What may still be carried out forbids cancelling.
            let wasOpen = operation.confirmation != nil || operation.openConfirmation != nil
            if wasOpen, operation.phase == .cancelled {
                return world.violate(.cancelled, "\(id) is applied; it was cancelled with an open confirmation")
            }
            guard isStray else { return world.violate(.appliedOnce, "\(id) is applied, and it is over") }
            world.tally.note(.strayAfterEnd)
        }
        guard let target = operation.target, target.baseHash != cvm.hash else { return }
        // Somebody else was quicker than the service's own check.
        if isStray || cvm.seen[id] != cvm.version { return world.tally.note(isStray ? .strayOnNewBase : .foreignRace) }
        world.violate(.base, "\(id) was verified on \(target.baseHash?.hex ?? "-") and is applied to \(cvm.hash)")
    }

    /// A request leaves a process that may make a machine: its intent is stored.
    func orderingReplica(_ id: OperationID?, mayMake: Bool, in world: World) {
        guard mayMake, id.flatMap(world.store.value)?.confirmation?.machines == nil else { return }
        world.violate(.storedBefore, "a replica is asked for without having stored the machines that there are")
    }

    /// The cloud makes a machine for an operation: 11.
    ///
    /// - Parameter hasToken: whether the service makes only one for what it prepared.
    func replicating(_ id: OperationID?, hasToken: Bool, isStray: Bool, in world: World) {
        guard let id, let index = index(of: id), let operation = world.store.value(id) else { return }
        let hadStrayed = records[index].hasStrayed
        if isStray { records[index].hasStrayed = true }
        records[index].applied += 1
        if records[index].applied > 1 {
            guard !hasToken, isStray || hadStrayed else {
                return world.violate(.appliedOnce, "\(id) has \(records[index].applied) machines")
            }
            world.tally.note(.strayRepeat)
        } else if operation.isFinished {
            guard isStray else { return world.violate(.appliedOnce, "\(id) gets a machine, and it is over") }
            world.tally.note(.strayAfterEnd)
        }
    }

    /// A transaction is in a block: 1, 7, 10.
    func mined(_ index: Int, in world: World) {
        chainChangedAt = world.now
        let chain = world.chain
        let call = chain.transactions[index].call
        guard let owner = chain.transactions[index].operation, call != .nothing else { return }
        let id = records[owner].id
        let count = chain.canonical.placements.count {
            chain.transactions[$0.transaction].operation == owner && chain.transactions[$0.transaction].call == call
        }
        if count > 1 { world.violate(.oneMined, "\(id) has \(count) mined registrations") }
        let operation = world.store.value(id)
        if operation?.phase == .cancelled { world.violate(.cancelled, "\(id) is cancelled and its registration mined") }
        if operation?.calls.contains(where: { chain.call($0.call) == call }) != true {
            world.violate(.oneHash, "\(id) mined \(call), which it does not want")
        }
    }
}
