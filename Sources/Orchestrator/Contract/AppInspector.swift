// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Reads an app's contract for people: who owns it, what it allows, and how that came about.
///
/// The contract's state is the truth; the log only says what to ask for.
public struct AppInspector: Sendable {
    /// Blocks whose log is read when nothing tells where the contract's history begins.
    static let window: UInt64 = 100_000

    /// How many requests a search of the log may take.
    static let requestLimit = 200

    let app: Address
    let chain: any AppChain
    let confirmations: UInt64
    let clock: any EngineClock

    /// Prepares to read a contract.
    ///
    /// - Parameter limits: the limits on the chain; facts are those of the block at the confirmation depth.
    public init(app: Address, chain: any AppChain, limits: Limits, clock: any EngineClock = SystemClock()) {
        self.app = app
        self.chain = chain
        confirmations = limits.confirmations
        self.clock = clock
    }

    /// The newest block at the confirmation depth.
    public func block() async throws(Failure) -> UInt64 {
        let head = try await ask { chain throws(ChainFault) in try await chain.head() }.number
        return head - min(head, confirmations - 1)
    }

    /// Owner and general settings at a block.
    ///
    /// - Throws: `no-contract` when there is no code.
    public func standing(atBlock block: UInt64) async throws(Failure) -> AppStanding {
        let app = app
        let standing = try await ask { chain throws(ChainFault) in try await chain.standing(of: app, atBlock: block) }
        guard standing.hasCode else {
            throw Failure(
                .noContract, "There is no code at \(app.checksummed).", hint: "Check the address and --rpc-url.")
        }
        return standing
    }

    /// What stands behind an address at a block.
    public func account(_ address: Address, atBlock block: UInt64) async throws(Failure) -> AccountStanding {
        try await ask { chain throws(ChainFault) in try await chain.account(address, atBlock: block) }
    }

    /// What a contract answers to questions with a truth value.
    public func answers(to questions: [DstackAppCall], atBlock block: UInt64) async throws(Failure) -> [Bool] {
        let app = app
        return try await ask { chain throws(ChainFault) in
            try await chain.answers(to: questions, by: app, atBlock: block)
        }
    }

    /// All compose hashes or devices that the log tells of, each as the contract sees it at a block.
    ///
    /// - Parameters:
    ///   - known: some that are asked for whether the log tells of them or not.
    ///   - first: the block from which the log is read; `nil` finds the contract's first one.
    /// - Throws: `unavailable` when the log takes more requests than are made.
    public func listing(
        of kind: AllowanceKind, known: [Bytes32] = [], from first: UInt64? = nil, atBlock block: UInt64
    ) async throws(Failure) -> AllowanceListing {
        let (start, from, entries) = try await history(kind, from: first, through: block)
        var order: [Bytes32] = []
        var events: [Bytes32: [AppLogEntry]] = [:]
        for entry in entries {
            guard let word = kind.change(entry.event)?.word else { continue }
            if events[word] == nil { order.append(word) }
            events[word, default: []].append(entry)
        }
        for word in known where !order.contains(word) { order.append(word) }
        let allowed = try await answers(to: order.map(kind.question), atBlock: block)
        let records = zip(order, allowed).map { word, isAllowed in
            AllowanceRecord(word: word, isAllowed: isAllowed, events: events[word] ?? [])
        }
        return AllowanceListing(kind: kind, block: block, firstBlock: from, start: start, records: records)
    }

    private typealias History = (start: AllowanceListing.Start, from: UInt64, entries: [AppLogEntry])

    /// The log from where it was asked for, or else from as early as the endpoint tells.
    private func history(
        _ kind: AllowanceKind, from first: UInt64?, through block: UInt64
    ) async throws(Failure) -> History {
        if let first {
            guard first <= block else {
                throw Failure(
                    .usage, "Block \(first) is not there yet: the newest at the confirmation depth is \(block).",
                    hint: "Give a smaller --from-block.")
            }
            return (.named, first, try await events(kind, from: first, through: block))
        }
        // Many endpoints search the whole chain for one address at once.
        if let all = try await events(kind, from: 0, through: block, requestLimit: 1) { return (.genesis, 0, all) }
        let app = app
        let start = try await ask { chain throws(ChainFault) in try await chain.start(of: app, through: block) }
        switch start {
        case .created(let created):
            return (.creation, created, try await events(kind, from: created, through: block))
        case .knownSince(let known):
            let from = min(known, block - min(block, Self.window - 1))
            return (from == 0 ? .genesis : .window, from, try await events(kind, from: from, through: block))
        }
    }

    private func events(
        _ kind: AllowanceKind, from first: UInt64, through last: UInt64
    ) async throws(Failure) -> [AppLogEntry] {
        guard let found = try await events(kind, from: first, through: last, requestLimit: Self.requestLimit) else {
            throw Failure(
                .unavailable,
                "The log of blocks \(first) to \(last) takes more than \(Self.requestLimit) requests to "
                    + "\(chain.endpointName).",
                hint: "Give a later --from-block, or an --rpc-url that searches more blocks at once.")
        }
        return found
    }

    private func events(
        _ kind: AllowanceKind, from first: UInt64, through last: UInt64, requestLimit: Int
    ) async throws(Failure) -> [AppLogEntry]? {
        let app = app
        return try await ask { chain throws(ChainFault) in
            try await chain.events(
                of: app, topics: kind.topics, from: first, through: last, requestLimit: requestLimit)
        }
    }

    /// Asks, again after a pause while the chain is only out of reach.
    private func ask<Value: Sendable>(
        _ question: (any AppChain) async throws(ChainFault) -> Value
    ) async throws(Failure) -> Value {
        var backoff = Backoff(limit: 4)
        while true {
            do throws(ChainFault) {
                return try await question(chain)
            } catch {
                guard error.isTransient, let rest = backoff.next(atLeast: error.retryAfter, jitter: 1) else {
                    let failure = error.failure
                    guard failure.code.isRetryable else { throw failure }
                    throw Failure(
                        failure.code, failure.message, hint: "Give another --rpc-url, or run the command again later.")
                }
                do { try await clock.sleep(for: rest) } catch { throw .interrupted }
            }
        }
    }
}
