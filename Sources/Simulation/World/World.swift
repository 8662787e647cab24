// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// Everything outside the engine in one run, and the time that passes there.
///
/// `@unchecked Sendable`: one run is one thread, see ``Kernel``.
final class World: @unchecked Sendable {
    let seed: UInt64
    let options: SimulationOptions
    let kernel: Kernel
    let plan: Plan

    /// Microseconds since the run began.
    private(set) var now: Int64 = 0
    var events = EventHeap()
    var draw: Draw
    var trouble: Adversity

    var chain: Blockchain
    var cvms: [SimulatedCvm] = []
    /// Every compose object that there ever was, by its hash.
    var objects: [ComposeHash: JSONObject] = [:]
    let store: SimulatedStore
    let locks = SimulatedLocks()
    let oracle: Oracle
    var workers: [Worker] = []
    var processCount = 0

    /// Why the last process that worked on an operation stopped; looked up, never walked.
    var stops: [OperationID: Failure] = [:]

    /// Messages under way.
    var messages: [(() -> Void)?] = []
    var freeSlots: [Int] = []

    var trace: Trace
    var tally = Tally()

    /// The first promise that was broken, which ends the run.
    private(set) var violation: Violation?

    /// Whether the faults are over.
    var isCalm = false

    init(seed: UInt64, options: SimulationOptions, kernel: Kernel) {
        self.seed = seed
        self.options = options
        self.kernel = kernel
        draw = Draw(seed: seed)
        trouble = Adversity.drawn(&draw)
        plan = Plan(&draw, trouble)
        trace = Trace(keepsText: options.keepsTrace)
        chain = Blockchain(confirmations: plan.confirmations, endpoints: plan.endpoints)
        store = SimulatedStore(usesCodec: options.usesCodec)
        oracle = Oracle()
        populate()
    }

    // MARK: Time

    /// Lets time pass until a condition holds, a promise is broken, or nothing is left to happen.
    func run(until isOver: () -> Bool) {
        kernel.runJobs()
        while violation == nil, !isOver(), let event = events.next() {
            now = max(now, event.time)
            perform(event)
            kernel.runJobs()
        }
    }

    private func perform(_ event: Event) {
        switch event.kind {
        case .wake: workers[event.first].wake(event.second)
        case .arrival: arrive(event.first)
        case .block: mineBlock()
        case .outsider: useKeyFromElsewhere()
        case .foreign: disturb(cvm: event.first, applies: event.second == 1)
        case .act: perform(plan.acts[event.first])
        case .calm: calmDown()
        }
    }

    /// Lets time pass in which nothing happens.
    func pass(_ microseconds: Int64) { now += microseconds }

    // MARK: Notes

    /// Notes something in the trace.
    func note(_ code: UInt64, _ text: @autoclosure () -> String) {
        trace.note(now, code, text)
    }

    /// A promise is broken.
    func violate(_ assertion: Assertion, _ what: @autoclosure () -> String) {
        guard violation == nil else { return }
        let violation = Violation(assertion: assertion, message: what(), time: now)
        self.violation = violation
        note(0xdead, "VIOLATION \(violation)")
    }
}
