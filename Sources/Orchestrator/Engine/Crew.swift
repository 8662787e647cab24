// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Carries many operations on side by side.
///
/// It never waits for one that another process holds while others are free, and takes over what that process lets go.
/// How many are worked on at once is bounded, so that several processes share the work, and what is nearest its end
/// comes first.
public struct Crew: Sendable {
    /// How many operations are worked on at once.
    static let most = 64

    /// How many of them are before their signature; one that has waited for ``patience`` no longer counts.
    static let mostUnsigned = 8

    /// How long an operation keeps its place among those before their signature.
    static let patience: Duration = .seconds(15)

    let store: any OperationStore
    let locks: any OperationLocking
    let clock: any EngineClock
    let random: @Sendable () -> UInt64
    let engine: @Sendable (Operation) throws -> Engine
    let begun: @Sendable (Operation) -> Void
    let ended: @Sendable (OperationID, Result<Operation, any Error>) -> Void

    /// Brings the parts together.
    ///
    /// - Parameters:
    ///   - random: for jitter, not for secrets.
    ///   - engine: gives the engine for an operation.
    ///   - begun: is told when work on an operation begins.
    ///   - ended: is told once of each operation how it ended: what ``Engine/run(_:options:)`` returned or threw, or what
    ///     `engine` threw.
    public init(
        store: any OperationStore, locks: any OperationLocking, clock: any EngineClock = SystemClock(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        engine: @escaping @Sendable (Operation) throws -> Engine,
        begun: @escaping @Sendable (Operation) -> Void = { _ in },
        ended: @escaping @Sendable (OperationID, Result<Operation, any Error>) -> Void
    ) {
        self.store = store
        self.locks = locks
        self.clock = clock
        self.random = random
        self.engine = engine
        self.begun = begun
        self.ended = ended
    }

    /// Works on operations until each has ended, or the time given is over.
    public func run(_ operations: [OperationID], options: RunOptions = RunOptions()) async {
        var shift = Shift(crew: self, waiting: operations, options: options)
        await shift.work()
    }
}

/// One invocation of a crew: what waits, and who works.
private struct Shift {
    let crew: Crew
    let options: RunOptions
    let deadline: Duration

    /// What nobody here works on, in the order in which it is to be taken up.
    var waiting: [OperationID]

    /// When they were brought into order.
    var sortedAt: Duration?

    /// Which of the waiting ones are before their signature, by the last look into the store.
    var unsigned: Set<OperationID> = []

    let beginners = Beginners()

    init(crew: Crew, waiting: [OperationID], options: RunOptions) {
        self.crew = crew
        self.waiting = waiting
        self.options = options
        deadline = crew.clock.uptime() + options.timeout
    }

    mutating func work() async {
        await withTaskGroup(of: OperationID?.self) { group in
            var working = 0
            var isTicking = false
            while !waiting.isEmpty || working > 0 {
                if !waiting.isEmpty {
                    if isUnsorted { await sort() }
                    working += await takeUp(besides: working, in: &group)
                }
                if isOver { giveUp() }
                if !waiting.isEmpty, !isTicking {
                    isTicking = true
                    let pause = min(pause, max(deadline - crew.clock.uptime(), .milliseconds(1)))
                    group.addTask { [clock = crew.clock] in
                        do { try await clock.sleep(for: pause) } catch { return nil }
                        return nil
                    }
                }
                guard working > 0 || isTicking, let outcome = await group.next() else { continue }
                if outcome == nil { isTicking = false } else { working -= 1 }
            }
            group.cancelAll()
        }
    }

    /// Between a quarter and three quarters of a second: several processes must not all look at once.
    private var pause: Duration { .milliseconds(250 + Int(crew.random() % 500)) }

    /// The order is that of a look into the store, which tells what other processes have done meanwhile.
    private var isUnsorted: Bool { sortedAt.map { crew.clock.uptime() - $0 > .seconds(1) } ?? true }

    private var isOver: Bool { Task.isCancelled || crew.clock.uptime() >= deadline }

    /// What is nearest its end first: finished ones, to be reported; then those in flight, lowest nonce first; then those
    /// before their signature, oldest first.
    private mutating func sort() async {
        sortedAt = crew.clock.uptime()
        let open: [Operation]
        do { open = try await crew.store.operations(unfinishedOnly: true) } catch {
            // Whoever works on an operation next hears of a store that cannot be read.
            return
        }
        var ranks: [OperationID: (Int, UInt64)] = [:]
        for (place, operation) in open.reversed().enumerated() {
            ranks[operation.id] =
                operation.isUnsigned ? (2, UInt64(place)) : (1, operation.registration?.nonce ?? .max)
        }
        unsigned = Set(open.filter(\.isUnsigned).map(\.id))
        waiting = waiting.enumerated().sorted { left, right in
            let (first, second) = (ranks[left.element] ?? (0, 0), ranks[right.element] ?? (0, 0))
            return (first.0, first.1, left.offset) < (second.0, second.1, right.offset)
        }.map(\.element)
    }

    /// Takes up what is free, as far as there is room.
    ///
    /// - Returns: how many.
    private mutating func takeUp(besides working: Int, in group: inout TaskGroup<OperationID?>) async -> Int {
        var taken = 0
        var left: [OperationID] = []
        var places = Crew.mostUnsigned - beginners.count(at: crew.clock.uptime())
        for id in waiting {
            let isBeginner = unsigned.contains(id)
            guard working + taken < Crew.most, !isBeginner || places > 0, !isOver else {
                left.append(id)
                continue
            }
            do {
                guard let lock = try crew.locks.tryLock(id) else {
                    left.append(id)
                    continue
                }
                taken += 1
                if isBeginner {
                    places -= 1
                    beginners.add(id, at: crew.clock.uptime())
                }
                begin(id, lock, in: &group)
            } catch {
                crew.ended(id, .failure(OperationStop(error.failure, operation: id)))
            }
        }
        waiting = left
        return taken
    }

    private func begin(_ id: OperationID, _ lock: any OperationLock, in group: inout TaskGroup<OperationID?>) {
        let (crew, beginners, options, deadline) = (crew, beginners, options, deadline)
        group.addTask {
            let engine: Engine
            do {
                guard let operation = try await crew.store.operation(id) else { throw StoreError.noSuchOperation }
                crew.begun(operation)
                engine = try crew.engine(operation).watched { beginners.note($0) }
            } catch {
                lock.unlock()
                let stop = (error as? StoreError).map { OperationStop($0.failure, operation: id) }
                return crew.end(id, .failure(stop ?? error), beginners)
            }
            do {
                let operation = try await engine.run(id, holding: lock, until: deadline, options: options)
                return crew.end(id, .success(operation), beginners)
            } catch {
                return crew.end(id, .failure(error), beginners)
            }
        }
    }

    private func isHeld(_ id: OperationID) -> Bool {
        do {
            guard let lock = try crew.locks.tryLock(id) else { return true }
            lock.unlock()
            return false
        } catch {
            return false
        }
    }

    /// The time is over: what still waits was held by somebody else, or had no turn.
    private mutating func giveUp() {
        let hadNoTurn = Failure(
            .timeout, "The time given is over before the operation had its turn. Nothing of it has changed.",
            hint: "Run 'countersign resume --all' to carry on.")
        for id in waiting {
            let failure = Task.isCancelled ? .interrupted : isHeld(id) ? Failure.held(id) : hadNoTurn
            crew.ended(id, .failure(OperationStop(failure, operation: id)))
        }
        waiting = []
    }
}

extension Crew {
    fileprivate func end(
        _ id: OperationID, _ outcome: Result<Operation, any Error>, _ beginners: Beginners
    ) -> OperationID {
        beginners.remove(id)
        ended(id, outcome)
        return id
    }
}

/// Which operations at work are before their signature, and since when they are worked on.
private final class Beginners: Sendable {
    private let since = Mutex<[OperationID: Duration]>([:])

    func add(_ id: OperationID, at now: Duration) { since.withLock { $0[id] = now } }

    func remove(_ id: OperationID) { since.withLock { $0[id] = nil } }

    func note(_ progress: Progress) {
        if case .advanced(let operation, _) = progress, !operation.isUnsigned { remove(operation.id) }
    }

    func count(at now: Duration) -> Int {
        since.withLock { $0.values.count { now - $0 < Crew.patience } }
    }
}

extension Operation {
    /// Whether it has yet to be signed, if it is to be signed at all.
    fileprivate var isUnsigned: Bool {
        switch phase {
        case .created, .prepared, .verified: true
        case .signed, .broadcast, .mined, .awaitingApproval, .confirmed, .committed, .running, .failed, .cancelled,
            .superseded, .moved:
            false
        }
    }
}
