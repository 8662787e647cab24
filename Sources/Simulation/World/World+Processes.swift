// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// Processes: begun, stopped, killed.
extension World {
    /// A new process.
    func newProcess() -> Int {
        processCount += 1
        return processCount - 1
    }

    /// A piece of work of a process, which begins now.
    @discardableResult
    func begin(
        process: Int, signer: Int?, _ name: @autoclosure () -> String,
        _ work: @escaping @Sendable (Engine) async -> Result<Orchestrator.Operation, OperationStop>
    ) -> Worker {
        let worker = hire(process, signer: signer)
        note(UInt64(process) << 8 | 1, "process \(process) begins: \(name())")
        let engine = engine(of: worker)
        kernel.start {
            let outcome = await work(engine)
            worker.outcome = outcome
            worker.isDone = true
            worker.world.ended(worker, outcome)
        }
        return worker
    }

    /// A process that carries many operations on side by side.
    func beginCrew(_ operations: [OperationID], options: RunOptions) {
        let process = newProcess()
        let leader = hire(process, signer: nil)
        note(UInt64(process) << 8 | 6, "process \(process) begins: resume all, \(operations.count) operations")
        kernel.start { [self] in
            let crew = Crew(
                store: WorkerStore(worker: leader), locks: WorkerLocks(worker: leader),
                clock: WorkerClock(worker: leader), random: { leader.draw.next() },
                engine: { [self] operation in
                    let member = hire(process, signer: signer(of: operation))
                    member.task = operation.id
                    return engine(of: member)
                },
                ended: { [self] id, outcome in
                    guard let member = workers.last(where: { $0.process == process && $0.task == id }) else { return }
                    member.isDone = true
                    finishMember(member, outcome)
                })
            await crew.run(operations, options: options)
            leader.isDone = true
            guard leader.isAlive else { return }
            if !leader.held.isEmpty { violate(.fencing, "process \(process) ended and kept a lock") }
            note(UInt64(process) << 8 | 7, "process \(process) ends")
        }
    }

    private func finishMember(_ member: Worker, _ outcome: Result<Orchestrator.Operation, any Error>) {
        guard member.isAlive, case .failure(let error) = outcome, let stop = error as? OperationStop else { return }
        tally.noteStop(stop.failure.code)
        if let id = stop.operation { stops[id] = stop.failure }
        note(
            UInt64(member.process) << 8 | 8,
            "process \(member.process) stops: \(stop.failure.code.rawValue): \(stop.failure.message)")
    }

    private func hire(_ process: Int, signer: Int?) -> Worker {
        let worker = Worker(
            world: self, index: workers.count, process: process, signer: signer,
            clockError: Int64(plan.clockErrors[process % plan.clockErrors.count]), seed: draw.next())
        workers.append(worker)
        return worker
    }

    private func ended(_ worker: Worker, _ outcome: Result<Orchestrator.Operation, OperationStop>) {
        guard worker.isAlive else { return }
        if !worker.held.isEmpty { violate(.fencing, "process \(worker.process) ended and kept a lock") }
        switch outcome {
        case .success(let operation):
            note(UInt64(worker.process) << 8 | 2, "process \(worker.process) ends: \(operation.phase.rawValue)")
        case .failure(let stop):
            tally.noteStop(stop.failure.code)
            if let id = stop.operation { stops[id] = stop.failure }
            note(
                UInt64(worker.process) << 8 | 3,
                "process \(worker.process) stops: \(stop.failure.code.rawValue): \(stop.failure.message)")
        }
    }

    private func engine(of worker: Worker) -> Engine {
        Engine(
            store: WorkerStore(worker: worker), locks: WorkerLocks(worker: worker), cloud: WorkerCloud(worker: worker),
            chains: WorkerChains(worker: worker), signer: worker.signer.map(SimulatedSigner.init),
            clock: WorkerClock(worker: worker), random: { worker.draw.next() }, window: plan.window)
    }

    /// A call is made: time for a crash or a stop, if there is to be one.
    ///
    /// - Parameter weight: how much likelier a crash is here than at other calls.
    func strike(_ worker: Worker, _ call: StaticString, weight: Int = 1) {
        if trouble.crash > 0, draw.chance(trouble.crash * weight) { return kill(worker.process, at: call) }
        if trouble.pause > 0, draw.chance(trouble.pause) { stop(worker.process, for: Int64(draw.between(1, 60))) }
    }

    /// SIGKILL.
    func kill(_ process: Int, at call: StaticString) {
        note(UInt64(process) << 8 | 4, "process \(process) is killed at \(call)")
        tally[.crash] += 1
        for worker in workers where worker.process == process && worker.isAlive && !worker.isDone {
            if let id = worker.held.last ?? worker.task, let phase = store.value(id)?.phase {
                tally.noteCrash(in: phase)
            }
            worker.die()
        }
    }

    /// SIGSTOP, and SIGCONT after so many seconds.
    func stop(_ process: Int, for seconds: Int64) {
        note(UInt64(process) << 8 | 5, "process \(process) is stopped for \(seconds) s")
        tally[.pause] += 1
        for worker in workers where worker.process == process { worker.pausedUntil = now + seconds * 1_000_000 }
    }
}

/// The clocks of a simulated process.
struct WorkerClock: EngineClock {
    let worker: Worker

    func now() -> Timestamp {
        Timestamp(milliseconds: World.epoch + worker.world.now / 1000 + worker.clockError)
    }

    func uptime() -> Duration { .microseconds(worker.world.now) }

    func sleep(for duration: Duration) async throws(CancellationError) {
        let (seconds, attoseconds) = duration.components
        var wait = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        // Nobody promises that a process that waits for another's lock wakes on time.
        if worker.lockMisses > 3 { wait *= Int64(min(worker.lockMisses, 20)) }
        await worker.sleep(wait)
        guard worker.isAlive else { throw CancellationError() }
    }
}
