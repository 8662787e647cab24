// SPDX-License-Identifier: Apache-2.0

import EthTx

/// One invocation's work on one operation, whose lock it holds.
struct OperationRun {
    let engine: Engine
    private(set) var deadline: Duration
    let options: RunOptions

    /// Whether the operation is only looked at: no store has it, and nobody could carry it on.
    let isPreview: Bool

    /// As the store has it.
    var operation: Operation

    /// The chain, once it is needed.
    var chain: (any Chain)?

    /// Findings of the examination that this run made last, and when.
    var findings: (head: ChainHead, findings: Findings, at: Duration)?

    /// The sighting that this run made last, and when.
    var sighting: (Sighting, at: Duration)?

    /// What endpoints said when they did not take a transaction, in this run.
    var refusals: [String] = []

    /// The nonces below ours that this run has tried to use up.
    var closedGaps: Set<UInt64> = []

    /// Whether the lane moves while an endpoint does not take our transaction.
    var laneStall = LaneStall()

    /// How often the cloud said in this run that it cannot verify the registration yet.
    var unverifiedAnswers = 0

    /// The pauses between confirmations that were turned down.
    var confirmationBackoff = Backoff(limit: 12, first: .milliseconds(500), longest: .seconds(10))

    /// The pauses between attempts to send the change or to find its outcome.
    var prepareBackoff = Backoff(limit: 8)

    /// What the operator has said about the request that was open when this run began; not about a later one.
    private var decision: UnknownOutcome

    /// When the request was sent that this run has given its time to arrive.
    var settled: Timestamp?

    /// Follows the chain's heads from one look to the next.
    var pace: BlockPace

    init(
        engine: Engine, operation: Operation, deadline: Duration, options: RunOptions, isPreview: Bool = false
    ) {
        self.engine = engine
        self.isPreview = isPreview
        self.operation = operation
        self.deadline = deadline
        self.options = options
        let isOpen = operation.phase == .created ? operation.prepareSentAt != nil : operation.confirmation != nil
        decision = isOpen ? options.unknownOutcome : .ask
        pace = BlockPace(fixed: options.pollInterval, chainID: operation.chainID)
    }

    /// Performs step after step until there is nothing to do.
    mutating func toTheEnd() async throws(OperationStop) -> Operation {
        do {
            try await takeTerms()
            try await refuseUnsent()
            while try await perform(operation.nextStep) {}
        } catch {
            throw await stop(error)
        }
        if let failure = operation.failure, operation.standing == nil {
            throw OperationStop(failure, operation: operation.id, phase: operation.phase)
        }
        return operation
    }

    /// Performs a step.
    ///
    /// - Returns: whether there may be more to do.
    private mutating func perform(_ step: Step) async throws(Failure) -> Bool {
        switch step {
        case .survey: try await survey()
        case .provision: try await provision()
        case .prepare: try await prepare()
        case .findPrepareOutcome: try await findPrepareOutcome()
        case .verify: try await verify()
        case .sign: try await sign()
        case .send(let hash): try await send(hash)
        case .findOrSend(let hash): try await findOrSend(hash)
        case .awaitReceipt: try await awaitReceipt()
        case .awaitDepth: try await awaitDepth()
        case .confirm: try await confirm()
        case .findConfirmationOutcome: try await findConfirmationOutcome()
        case .observe: try await observe()
        case .awaitApproval:
            guard let approval = options.approval else { return false }
            try await findApproval(approval)
        case .rest: return false
        }
        return true
    }

    /// Stores an event; only then does its effect count.
    mutating func record(_ event: Event, ledger: [StoreChange.LedgerChange] = []) async throws(Failure) {
        switch await attemptRecord(event, ledger: ledger) {
        case .success: return
        case .failure(let error): throw error.failure
        }
    }

    /// Stores an event, and gives the store's refusal back.
    mutating func attemptRecord(
        _ event: Event, ledger: [StoreChange.LedgerChange] = []
    ) async -> Result<Void, StoreError> {
        let now = engine.clock.now()
        do {
            let next = try operation.after(event, at: now)
            let entry = HistoryEntry(at: now, phase: next.phase, event: event.name, detail: event.detail)
            operation = try await engine.store.commit(StoreChange(operation: next, entry: entry, ledger: ledger))
        } catch let error as StoreError {
            return .failure(error)
        } catch {
            return .failure(.corrupt("\(error)"))
        }
        engine.watcher(.advanced(operation, by: event))
        return .success(())
    }

    /// Ends the operation without the update, and frees a nonce that was never sent.
    mutating func end(_ failure: Failure) async throws(Failure) {
        try await record(.failed(failure), ledger: operation.releasedNonces)
    }

    /// Waits, not longer than this invocation may.
    mutating func pause(_ duration: Duration, for what: String) async throws(Failure) {
        let left = deadline - engine.clock.uptime()
        guard left > .zero else { throw timeIsOver(waitingFor: what) }
        engine.watcher(.waiting(operation, for: what))
        do {
            try await engine.clock.sleep(for: min(duration, left))
        } catch {
            throw .interrupted
        }
    }

    private func timeIsOver(waitingFor what: String) -> Failure {
        let fact = "The time given is over while waiting for \(what)."
        guard !isPreview else { return Failure(.timeout, fact) }
        return Failure(
            .timeout, fact + " Nothing is lost; the operation is in phase \(operation.phase.rawValue).",
            hint: operation.phase == .awaitingApproval
                ? "Run 'countersign commit \(operation.id)' again, with --await-approval to wait longer."
                : "Run 'countersign resume \(operation.id)' to carry on.")
    }

    /// Gives the rest of the work the time that it would have had without a wait before it.
    mutating func extendDeadline(by rest: Duration?) {
        if let rest { deadline = max(deadline, engine.clock.uptime() + rest) }
    }

    /// What the operator has said about an outcome that nobody can tell, once.
    mutating func takeDecision() -> UnknownOutcome {
        defer { decision = .ask }
        return decision
    }

    /// A random number from 0 to 1, for jitter.
    var jitter: Double { Double(engine.random() >> 11) / Double(1 << 53) }

    /// Writes the stop into the history, so that `status` can tell it.
    private func stop(_ failure: Failure) async -> OperationStop {
        let entry = HistoryEntry(
            at: engine.clock.now(), phase: operation.phase, event: "stopped",
            detail: failure.code.name + ": " + failure.message)
        do {
            try await engine.store.note(entry, of: operation.id)
        } catch {
            // The stop itself is what the caller has to hear; a store that takes no note is told by its next write.
        }
        return OperationStop(failure, operation: operation.id, phase: operation.phase)
    }
}
