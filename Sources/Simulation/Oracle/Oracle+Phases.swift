// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// What must hold when an operation comes to a phase.
extension Oracle {
    func checkPhase(
        before: Orchestrator.Operation, after: Orchestrator.Operation, _ index: Int, _ worker: Worker, _ world: World
    ) {
        switch after.phase {
        case .cancelled: checkCancelled(after, index, world)
        case .failed, .superseded: checkEnd(after, index, worker, world)
        case .running: checkRunning(after, index, worker, world)
        case .mined: checkHash(after, world)
        case .confirmed:
            checkHash(after, world)
            checkDepth(after, world)
        case .created, .prepared, .verified, .signed, .broadcast, .committed, .awaitingApproval, .moved: break
        }
    }

    /// The canonical transactions of an operation's calls.
    private func registrations(_ index: Int, _ chain: Blockchain) -> [Placement] {
        chain.canonical.placements.filter {
            chain.transactions[$0.transaction].operation == index && chain.transactions[$0.transaction].call != .nothing
        }
    }

    /// 7.
    private func checkCancelled(_ operation: Orchestrator.Operation, _ index: Int, _ world: World) {
        if !registrations(index, world.chain).isEmpty {
            world.violate(.cancelled, "\(operation.id) is cancelled and its registration is mined")
        }
    }

    /// 10: what was mined is what was prepared.
    private func checkHash(_ operation: Orchestrator.Operation, _ world: World) {
        for planned in operation.calls {
            guard let inclusion = planned.inclusion else { continue }
            guard let transaction = world.chain.byHash[inclusion.hash],
                world.chain.transactions[transaction].call == world.chain.call(planned.call)
            else { return world.violate(.oneHash, "\(operation.id) takes \(inclusion.hash) for its registration") }
        }
    }

    /// Every call is in a canonical block at depth: our transaction, or whatever brought the contract there.
    private func checkDepth(_ operation: Orchestrator.Operation, _ world: World) {
        for planned in operation.calls { checkDepth(of: planned, operation, world) }
    }

    /// The call is in a canonical block at depth.
    func checkDepth(of planned: PlannedCall, _ operation: Orchestrator.Operation, _ world: World) {
        let chain = world.chain
        let deepest = chain.highest - min(chain.highest, chain.confirmations - 1)
        guard let wanted = chain.call(planned.call), case .write(let app, let write) = wanted else { return }
        if let inclusion = planned.inclusion {
            let placement = chain.byHash[inclusion.hash].flatMap { chain.placement(of: $0, in: chain.canonical) }
            guard let placement, placement.isSuccess, placement.block <= deepest else {
                return world.violate(.depth, "\(operation.id) is confirmed, and its registration is not deep enough")
            }
            return
        }
        // What the contract said in the beginning.
        switch write {
        case .hash(let hash, true): if chain.apps[app].allowed.contains(hash) { return }
        // Somebody else's registration, which is no part of the simulation, may have come after the look.
        case .hash(let hash, false): if !chain.apps[app].allowed.prefix(chain.apps[app].first).contains(hash) { return }
        case .device(_, let isListed): if !isListed { return }
        case .anyDevice(let allows): if !allows { return }
        case .handOver: break
        }
        // The device of a replica needs no listing where every device is allowed.
        let suffices: SimulatedTransaction.Call? =
            if operation.kind == .replica, case .device(_, true) = write {
                .write(app: app, .anyDevice(true))
            } else {
                nil
            }
        let isDeep = chain.canonical.placements.contains {
            let call = chain.transactions[$0.transaction].call
            return $0.isSuccess && $0.block <= deepest && (call == wanted || call == suffices)
        }
        if !isDeep { world.violate(.depth, "\(operation.id) is confirmed, and \(planned.call) was never in effect") }
    }

    /// 8, 9 and 14.
    private func checkEnd(
        _ operation: Orchestrator.Operation, _ index: Int, _ worker: Worker, _ world: World
    ) {
        let chain = world.chain
        switch operation.failure?.code {
        case .reverted:
            let wanted = operation.call.flatMap(chain.call)
            let isDone = registrations(index, chain).contains {
                $0.isSuccess && chain.transactions[$0.transaction].call == wanted
            }
            if isDone {
                world.violate(.reverted, "\(operation.id) failed by a revert, and its registration succeeded")
            }
        case .hashNotAllowed:
            checkRefusal(operation, worker, world)
        case _: break
        }
        guard let place = operation.target.flatMap({ world.place(of: $0.cvmID) }) else { return }
        let cvm = world.cvms[place]
        guard let change = cvm.changes.last, change.operation == operation.id, !change.isOver, change.until > world.now,
            cvm.seen[operation.id] == cvm.version
        else { return }
        // Somebody else was quicker than the service's own check.
        guard change.before.hash == operation.target?.baseHash else { return world.tally.note(.foreignRace) }
        // A second copy of a first phase, carried out because the hash has been registered since, is not to be told from
        // somebody else's change.
        if records[index].hasStrayed, operation.phase == .superseded, !operation.hasOpenRequest {
            return world.tally.note(.strayUnclaimed)
        }
        world.violate(
            .otherHash,
            "\(operation.id) ended as \(operation.phase.rawValue) (\(operation.failure?.code.rawValue ?? "-")) while its own "
                + "restart runs")
    }

    /// 9.
    private func checkRefusal(_ operation: Orchestrator.Operation, _ worker: Worker, _ world: World) {
        let chain = world.chain
        guard let target = operation.target, let app = target.app.flatMap(chain.app(at:)),
            let hash = operation.preparation?.composeHash ?? world.expectedHash(of: operation),
            isSettled(for: worker, world)
        else { return }
        if chain.allows(hash.bytes32, app: app, at: chain.depthBlock, in: chain.canonical),
            chain.allows(hash.bytes32, app: app, at: chain.canonical.head, in: chain.canonical)
        {
            return world.violate(.notAllowed, "\(operation.id) failed for want of allowance, and \(hash) is allowed")
        }
        for registration in operation.registrations {
            let signer = world.plan.signer(at: registration.signer)
            for attempt in registration.attempts where attempt.purpose == .register && attempt.sendingAt != nil {
                if chain.deepSpender(of: attempt.nonce, by: signer) == nil {
                    world.violate(
                        .notAllowed,
                        "\(operation.id) failed for want of allowance, and nonce \(attempt.nonce) is not spent")
                }
            }
        }
    }

    /// Whether nothing of the chain has changed, at the head or at depth, since a worker asked, however old the branch
    /// that it was shown.
    private func isSettled(for worker: Worker, _ world: World) -> Bool {
        let depth = Int64(world.plan.confirmations) * world.plan.blockTime
        return chainChangedAt < worker.askedAt - 80_000_000 - depth
    }

    /// 13.
    private func checkRunning(
        _ operation: Orchestrator.Operation, _ index: Int, _ worker: Worker, _ world: World
    ) {
        if operation.kind == .replica { return checkReplica(operation, worker, world) }
        guard let target = operation.target, let place = world.place(of: target.cvmID) else {
            return world.violate(.running, "\(operation.id) runs on no CVM")
        }
        world.cvms[place].settle(now: world.now)
        let cvm = world.cvms[place]
        let expected = world.expectedHash(of: operation)
        let hash = expected == target.baseHash ? nil : operation.preparation?.composeHash ?? expected
        // Somebody else's change since this operation looked last cannot be known.
        guard cvm.seen[operation.id] == cvm.version else { return world.tally.note(.foreignRace) }
        if records[index].applied == 0, !operation.changedNothing { checkOthersWork(operation, cvm, hash, world) }
        guard !cvm.isBusy, cvm.status == "running", hash == nil || cvm.hash == hash else {
            return world.violate(
                .running, "\(operation.id) is said to run; \(cvm.id) is \(cvm.status) with \(cvm.hash)")
        }
        guard let app = cvm.app, let hash, hash != target.baseHash, !operation.changedNothing,
            isSettled(for: worker, world)
        else { return }
        let chain = world.chain
        if !chain.allows(hash.bytes32, app: app, at: chain.canonical.head, in: chain.canonical) {
            world.violate(.running, "\(operation.id) is said to run, and \(hash) is not allowed")
        }
    }
}

extension Oracle {
    /// 13, for a replica: its own machine runs, and hash and device are allowed.
    private func checkReplica(_ operation: Orchestrator.Operation, _ worker: Worker, _ world: World) {
        guard let place = operation.replica?.cvmID.flatMap(world.place) else {
            return world.violate(.running, "\(operation.id) is said to run and has no machine")
        }
        world.cvms[place].settle(now: world.now)
        let machine = world.cvms[place]
        guard machine.changes.first?.operation == operation.id, !machine.isBusy, machine.status == "running" else {
            return world.violate(.running, "\(operation.id) is said to run; \(machine.id) is \(machine.status)")
        }
        let chain = world.chain
        guard let app = machine.app, isSettled(for: worker, world) else { return }
        let head = chain.canonical.head
        // Of a replica that somebody else approves the owner's grant is the word for the device, whichever it is.
        let device = operation.intent.mode == .prepareOnly ? operation.preparation?.device : nil
        let isAllowed =
            chain.allows(machine.hash.bytes32, app: app, at: head, in: chain.canonical)
            && (chain.lists(device ?? HashBook.device(100 + app), app: app, at: head, in: chain.canonical)
                || chain.allowsAnyDevice(app: app, at: head, in: chain.canonical))
        if !isAllowed {
            world.violate(.running, "\(operation.id) is said to run, and its hash or device is not allowed")
        }
    }

    /// 13: an operation is said to run that the service never carried out.
    ///
    /// That is right if somebody else has made the whole change. Else a request of the operation must be without an
    /// answer, and what is there must look like its work.
    private func checkOthersWork(
        _ operation: Orchestrator.Operation, _ cvm: SimulatedCvm, _ hash: ComposeHash?, _ world: World
    ) {
        if hash != nil, cvm.hash == hash, world.plan.hashes.setting(operation.intent.change) == nil { return }
        let mayBeUnderWay =
            operation.hasOpenRequest || operation.preparation == nil
        guard mayBeUnderWay else {
            return world.violate(.running, "\(operation.id) is said to run and was never applied")
        }
        if hash != nil, cvm.hash == hash { return world.tally.note(.sameHash) }
        let taken = cvm.changes.first { $0.correlationID == operation.correlationID }
        guard hash == nil, taken != nil, taken?.operation != operation.id else {
            return world.violate(.running, "\(operation.id) is said to run and was never applied")
        }
        world.tally.note(.strangerInList)
    }
}

extension Orchestrator.Operation {
    /// Whether a request of it may be carried out that it has not been told of.
    fileprivate var hasOpenRequest: Bool { openPrepare != nil || openConfirmation != nil || confirmation != nil }
}

extension World {
    /// The hash that an operation's change leads to from the base that it was surveyed on.
    func expectedHash(of operation: Orchestrator.Operation) -> ComposeHash? {
        guard let target = operation.target, let base = target.baseHash, let object = objects[base] else { return nil }
        return plan.hashes.hash(of: plan.hashes.object(object, after: operation.intent.change))
    }
}
