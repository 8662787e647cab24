// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// The end of a run: the faults are over, and everything has to come to its end.
extension World {
    /// How often an operation is carried on before it counts as stuck.
    private static let patienceOfOperator = 5

    /// The faults are over.
    func calmDown() {
        note(0x50, "  the faults are over")
        trouble = .none
        isCalm = true
        chain.isBroke = false
        chain.baseFee = Blockchain.gwei
        for worker in workers where !worker.isDone && worker.isAlive && draw.chance(500) {
            kill(worker.process, at: "the end")
        }
        for worker in workers { worker.pausedUntil = min(worker.pausedUntil, now) }
    }

    /// 21: every operation ends, even if only that one is carried on; then a new registration is mined.
    func finish() {
        guard violation == nil else { return }
        waitUntil { [self] in workers.allSatisfy { $0.isDone || !$0.isAlive } }
        var waiting = unfinished
        while !waiting.isEmpty, violation == nil {
            let operation = waiting.remove(at: draw.below(waiting.count))
            bringToAnEnd(operation.id)
        }
        guard violation == nil else { return }
        if let open = store.ledger.first(where: { !$0.isSpent }), draw.chance(500) {
            let worker = settleOpenNonces(newProcess(), signer: plan.signer(at: open.lane.signer))
            waitUntil { worker.isDone }
        }
        registerAfresh()
    }

    private func bringToAnEnd(_ id: OperationID) {
        var last = "never carried on"
        for _ in 0..<Self.patienceOfOperator {
            guard violation == nil, let operation = store.value(id), !operation.isFinished else { return }
            var options = patientOptions
            if operation.phase == .awaitingApproval {
                options.approval = RunOptions.Approval(waits: true)
                tally[.approval] += 1
                guard canApprove(operation) else {
                    // Nobody can register it any more.
                    let worker = cancel(operation, replace: false)
                    waitUntil { worker.isDone }
                    continue
                }
                if draw.chance(200) { elapse(days: Int64(draw.between(13, 17))) }
                approve(operation)
            } else {
                options.unknownOutcome = decision(on: operation)
            }
            let worker = resume(operation, newProcess(), options: options)
            waitUntil { worker.isDone }
            if case .failure(let stop)? = worker.outcome {
                if operation.kind == .replica, stop.failure.code == .conflict { deleteSpareMachines(of: id) }
                if stop.failure.code == .deviceNotAccepted {
                    // The service names a device that nobody knows.
                    let worker = cancel(operation, replace: false)
                    waitUntil { worker.isDone }
                }
                last = "\(stop.failure.code.rawValue): \(stop.failure.message)"
                let next = now + 10_000_000
                run { now > next }
            }
        }
        guard let operation = store.value(id), !operation.isFinished else { return }
        violate(.liveness, "\(id) stays in phase \(operation.phase.rawValue): \(last)")
    }

    /// What an operator who has looked at the CVM says about an outcome that the service cannot tell.
    func decision(on operation: Orchestrator.Operation) -> UnknownOutcome {
        guard !plan.hasList || operation.kind == .replica, stops[operation.id]?.hint.contains("--send-again") == true,
            let place = operation.target.flatMap({ place(of: $0.cvmID) })
        else { return .ask }
        cvms[place].settle(now: now)
        let isAtWork = workers.contains { $0.isAlive && !$0.isDone }
        guard !cvms[place].isBusy, !isAtWork else { return .ask }
        tally[.operatorDecides] += 1
        return oracle.isApplied(operation.id) ? .assumeApplied : .sendAgain
    }

    /// Days pass in which nothing happens but blocks.
    private func elapse(days: Int64) {
        let wait = days * 24 * 3600 * 1_000_000
        note(0x51, "  \(days) days pass")
        tally[.longWait] += 1
        pass(wait)
        chain.skip(UInt64(wait / plan.blockTime))
    }

    /// A registration on an app that nothing has happened to; it counts as soon as it is in a block.
    private func registerAfresh() {
        // Where the key was never used there is nothing that could be in the way; else every other time is enough.
        guard draw.chance(300), !store.ledger.isEmpty || !chain.canonical.placements.isEmpty else { return }
        update(plan.cvms, 1, .register, options: patientOptions)
        guard let worker = workers.last else { return }
        let app = chain.apps.count - 1
        waitUntil {
            worker.isDone
                || chain.canonical.placements.contains {
                    guard case .write(app, .hash(_, true)) = chain.transactions[$0.transaction].call else {
                        return false
                    }
                    return $0.isSuccess
                }
        }
        guard violation == nil, worker.isDone else { return }
        var reason = "its process is over"
        if case .failure(let stop)? = worker.outcome { reason = stop.failure.message }
        violate(.liveness, "a new registration is not mined: \(reason)")
    }

    /// As the operator waits when nothing goes wrong any more: not more often than blocks come.
    private var patientOptions: RunOptions {
        RunOptions(timeout: .seconds(600), pollInterval: .microseconds(plan.blockTime / 2))
    }

    /// Lets time pass until work is over.
    private func waitUntil(_ isOver: () -> Bool) {
        let limit = now + 4 * 3600 * 1_000_000
        run { isOver() || now > limit }
        if violation == nil, !isOver() { violate(.liveness, "a process works for hours and comes to no end") }
    }

    /// Ends every task that is left, so that nothing outlives the run.
    func dismiss() {
        for worker in workers { worker.die() }
        kernel.runJobs()
        workers = []
        messages = []
    }
}
