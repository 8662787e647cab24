// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Works on operations: performs the step that the stored state asks for, stores what happened, and goes on.
///
/// The engine has no state of its own. Killing it at any instruction loses nothing that a later run would miss.
public struct Engine: Sendable {
    let store: any OperationStore
    let locks: any OperationLocking
    let cloud: any CloudService
    let chains: any ChainProvider
    let signer: (any Signer)?
    let clock: any EngineClock
    let random: @Sendable () -> UInt64
    let window: UInt64
    let watcher: @Sendable (Progress) -> Void

    /// Brings the parts together.
    ///
    /// - Parameters:
    ///   - signer: who signs registrations; `nil` for preparing and watching only.
    ///   - random: for names and jitter, not for secrets.
    ///   - window: how many transactions of one signer may be signed and not yet in the head's count; at least 1.
    ///   - watcher: is told of every step; called between steps, so it should return soon.
    public init(
        store: any OperationStore, locks: any OperationLocking, cloud: any CloudService, chains: any ChainProvider,
        signer: (any Signer)?, clock: any EngineClock = SystemClock(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }, window: UInt64 = 16,
        watcher: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        self.store = store
        self.locks = locks
        self.cloud = cloud
        self.chains = chains
        self.signer = signer
        self.clock = clock
        self.random = random
        self.window = max(1, window)
        self.watcher = watcher
    }

    /// Stores a new operation, or finds the unfinished one that asks for the same change of the same CVM.
    ///
    /// An unfinished operation that asks for another change is superseded if nothing of it can have taken effect.
    ///
    /// - Throws: ``OperationStop`` with `conflict` when an unfinished operation stands in the way, with `usage` when the
    ///   change cannot be made in the way that was asked for.
    public func begin(_ intent: Intent) async throws(OperationStop) -> Operation {
        if let refusal = intent.refusal { throw OperationStop(refusal) }
        return try await stored { () async throws(StoreError) -> Result<Operation, OperationStop> in
            for other in try await store.operations(unfinishedOnly: true) where other.isRival(of: intent) {
                if other.intent.asksTheSame(as: intent) { return .success(other) }
                if let stop = try await supersede(other) { return .failure(stop) }
            }
            let now = clock.now()
            var generator = ClosureGenerator(draw: random)
            let operation = Operation(id: .random(using: &generator), intent: intent, at: now)
            let entry = HistoryEntry(at: now, phase: .created, event: "created")
            do throws(StoreError) {
                return .success(try await store.create(operation, entry: entry))
            } catch {
                // Another process has asked for the same call since the look.
                guard case .unfinishedOperation(let id) = error, intent.change.chainCall != nil,
                    let other = try await store.operation(id)
                else { throw error }
                return .success(other)
            }
        }.get()
    }

    /// Works on an operation until its goal, its end, or the end of the time given.
    ///
    /// - Returns: the operation, finished or awaiting approval.
    /// - Throws: ``OperationStop``; the operation stays as stored and can be resumed unless its phase is final.
    public func run(
        _ id: OperationID, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Operation {
        let deadline = clock.uptime() + options.timeout
        let lock = try await acquire(id, until: deadline)
        return try await run(id, holding: lock, until: deadline, options: options)
    }

    /// Works on an operation whose lock the caller has taken; lets it go.
    func run(
        _ id: OperationID, holding lock: any OperationLock, until deadline: Duration, options: RunOptions
    ) async throws(OperationStop) -> Operation {
        defer { lock.unlock() }
        var run = OperationRun(
            engine: self, operation: try await load(id), deadline: deadline, options: options)
        let operation = try await run.toTheEnd()
        guard let standing = operation.standing else { return operation }
        // The same update had begun under another name of the CVM, or a moment earlier: that one goes on.
        return try await self.run(standing, options: options)
    }

    /// The same engine, with somebody else who is told of every step.
    func watched(by other: @escaping @Sendable (Progress) -> Void) -> Engine {
        let watcher = watcher
        return Engine(
            store: store, locks: locks, cloud: cloud, chains: chains, signer: signer, clock: clock, random: random,
            window: window
        ) { progress in
            other(progress)
            watcher(progress)
        }
    }

    /// Gives an operation up.
    ///
    /// - Parameter replace: whether to use the nonce up with a transfer of 0 to oneself when bytes may have left.
    /// - Throws: ``OperationStop`` with `conflict` when it may have taken effect already.
    public func cancel(
        _ id: OperationID, replace: Bool, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Operation {
        let deadline = clock.uptime() + options.timeout
        let lock = try await acquire(id, until: deadline)
        defer { lock.unlock() }
        var run = OperationRun(engine: self, operation: try await load(id), deadline: deadline, options: options)
        return try await run.cancel(replace: replace)
    }

    /// What an unfinished operation of the same CVM means for a newer wish.
    enum Encounter {
        /// It gave way, or is over.
        case free
        /// It asks for the same change.
        case sameUpdate
        /// It stands.
        case inTheWay(Failure)
    }

    /// Meets an unfinished operation of the same CVM: the same change goes on there; another one gives way if nothing of
    /// it can have taken effect.
    func makeWay(for intent: Intent, past id: OperationID) async -> Encounter {
        do {
            guard let other = try await store.operation(id), !other.isFinished else { return .free }
            if other.intent.asksTheSame(as: intent) { return .sameUpdate }
            return try await supersede(other).map { .inTheWay($0.failure) } ?? .free
        } catch {
            return .inTheWay(error.failure)
        }
    }

    /// Marks an operation superseded by the operator's newer wish, or says why that cannot be.
    private func supersede(_ other: Operation) async throws(StoreError) -> OperationStop? {
        guard other.mayBeCancelled, let lock = try locks.tryLock(other.id) else {
            let failure = Failure(
                .conflict,
                "Operation \(other.id) of the same CVM is in phase \(other.phase.rawValue) and asks for another change.",
                hint: "Finish it with 'countersign resume \(other.id)' first, or give it up with 'countersign cancel'.")
            return OperationStop(failure, operation: other.id, phase: other.phase)
        }
        defer { lock.unlock() }
        let now = clock.now()
        let failure = Failure(.superseded, "Another update of the same CVM took its place before anything was signed.")
        do {
            let next = try other.after(.superseded(failure), at: now)
            let entry = HistoryEntry(at: now, phase: next.phase, event: "superseded", detail: failure.message)
            _ = try await store.commit(
                StoreChange(operation: next, entry: entry, ledger: other.releasedNonces))
            return nil
        } catch let error as StoreError {
            throw error
        } catch {
            return OperationStop(Failure(.internalError, "\(error)"), operation: other.id, phase: other.phase)
        }
    }

    func acquire(_ id: OperationID, until deadline: Duration) async throws(OperationStop) -> any OperationLock {
        while true {
            do {
                if let lock = try locks.tryLock(id) { return lock }
                guard clock.uptime() < deadline else {
                    throw Failure.held(id)
                }
                try await clock.sleep(for: .milliseconds(200))
            } catch let error as StoreError {
                throw OperationStop(error.failure, operation: id)
            } catch let failure as Failure {
                throw OperationStop(failure, operation: id)
            } catch {
                throw OperationStop(.interrupted, operation: id)
            }
        }
    }

    func load(_ id: OperationID) async throws(OperationStop) -> Operation {
        do {
            guard let operation = try await store.operation(id) else { throw StoreError.noSuchOperation }
            return operation
        } catch let error as StoreError {
            throw OperationStop(error.failure, operation: id)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"), operation: id)
        }
    }

    private func stored<Value>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(OperationStop) -> Value {
        do {
            return try await body()
        } catch {
            throw OperationStop(error.failure)
        }
    }
}

extension Failure {
    /// The operator or the system asked this process to stop.
    static let interrupted = Failure(
        .timeout, "Interrupted. Nothing is lost: what was stored before stands.",
        hint: "Run 'countersign resume --all' to carry on.")

    /// Another process did not let go of an operation in time.
    static func held(_ id: OperationID) -> Failure {
        Failure(
            .locked, "Another process works on operation \(id) and did not finish in time.",
            hint: "Wait for it, or run 'countersign resume \(id)' later.")
    }
}

extension Operation {
    /// Whether the operation holds what an intent is about, as far as names tell before anything is read: the CVM, or the
    /// very same call.
    func isRival(of wish: Intent) -> Bool {
        guard kind.involvesCloud, wish.change.kind.involvesCloud else { return intent.asksTheSame(as: wish) }
        return intent.apiURL == wish.apiURL
            && (intent.cvm == wish.cvm || target?.cvmID == wish.cvm || target?.vmUUID == wish.cvm)
    }

    /// The nonces that become free when the operation ends without having sent anything.
    var releasedNonces: [StoreChange.LedgerChange] {
        guard let chainID else { return [] }
        // The highest first: none may be released below one that is held.
        return registrations.filter { !$0.mayHaveBeenSent && !$0.isDisplaced }.sorted { $0.nonce > $1.nonce }.map {
            .release($0.nonce, Lane(chainID: chainID, signer: $0.signer))
        }
    }
}

/// A generator over a closure, so that a simulation can decide every random number.
struct ClosureGenerator: RandomNumberGenerator {
    let draw: @Sendable () -> UInt64

    mutating func next() -> UInt64 { draw() }
}
