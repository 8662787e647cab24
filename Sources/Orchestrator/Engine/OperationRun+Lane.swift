// SPDX-License-Identifier: Apache-2.0

import EthTx

/// The signer's lane: its nonces on one chain, which all operations of this store share.
extension OperationRun {
    /// Waits until one more transaction of the signer may be on its way.
    ///
    /// One small question a look, while all that is to be known before a signature is asked only when there is room.
    mutating func awaitRoom() async throws(Failure) {
        guard let signer = engine.signer?.address, let chainID = operation.chainID else { return }
        let lane = Lane(chainID: chainID, signer: signer)
        var stall = LaneStall()
        if let known = findings?.findings.account, isFresh, try await hasRoom(lane, countAtHead: known.countAtHead) {
            return
        }
        while true {
            let seen = try await head(of: signer)
            guard let count = seen.countAtHead else { return }
            if try await hasRoom(lane, countAtHead: count) {
                findings?.findings.account?.note(countAtHead: count)
                return
            }
            if stall.isStalled(count: count, head: seen.head.number) { try await tend(lane, from: count, below: .max) }
            // Those who wait for the same block must not all come at once.
            try await pause(
                pace.pause / 2 + pace.pause * jitter, for: "room among the signer's transactions on their way")
        }
    }

    private func hasRoom(_ lane: Lane, countAtHead count: UInt64) async throws(Failure) -> Bool {
        let signed = try await nonces(of: lane, from: count)
        return !NonceLane.isFull(countAtHead: count, signed: signed, window: engine.window)
    }

    /// Whether what was examined is recent enough for a signature to rest on it.
    var isFresh: Bool {
        findings.map { engine.clock.uptime() - $0.at < .seconds(5) } ?? false
    }

    /// The head with the signer's count.
    private mutating func head(of signer: Address) async throws(Failure) -> Sighting {
        let query = Lookout(hashes: [], signer: signer, question: nil, blocks: [])
        let seen = try await askChain { chain throws(ChainFault) in try await chain.look(for: query) }
        pace.note(head: seen.head.number, at: engine.clock.uptime())
        return seen
    }

    /// What the ledger holds of a lane.
    func nonces(of lane: Lane, from first: UInt64) async throws(Failure) -> [SignedNonce] {
        do { return try await engine.store.nonces(of: lane, from: first) } catch { throw error.failure }
    }

    /// Sends again, lowest nonce first, what other operations of the same signer left signed and unmined below our
    /// nonce: an abandoned operation must not block the lane.
    mutating func tendLane() async throws(Failure) {
        guard let registration = operation.registration, let chainID = operation.chainID else { return }
        var known = sighting?.0.countAtHead ?? findings?.findings.account?.countAtHead
        if known == nil { known = try await head(of: registration.signer).countAtHead }
        guard let count = known else { return }
        try await tend(Lane(chainID: chainID, signer: registration.signer), from: count, below: registration.nonce)
    }

    /// - Parameter count: the head's; what it does not count is to be mined, also what was spent in a block that a
    ///   reorganisation has taken away.
    private mutating func tend(_ lane: Lane, from count: UInt64, below nonce: UInt64) async throws(Failure) {
        for entry in try await nonces(of: lane, from: count)
        where entry.nonce < nonce && entry.operation != operation.id {
            do {
                try await tend(entry)
            } catch let error as StoreError {
                throw error.failure
            } catch let failure as Failure {
                throw failure
            } catch {
                throw Failure(.internalError, "\(error)")
            }
        }
    }

    /// Sends what another operation holds at a nonce, marking it first if it never was sent; leaves it alone while
    /// another process works on it.
    private mutating func tend(_ entry: SignedNonce) async throws {
        guard let lock = try engine.locks.tryLock(entry.operation) else { return }
        defer { lock.unlock() }
        guard var other = try await engine.store.operation(entry.operation) else { return }
        // What another transaction displaced may be signed anew at another nonce, and what failed is over: neither must
        // be mined now.
        let attempts = other.attempts(at: entry.nonce).filter { $0.outcome != .displaced && $0.outcome != .reverted }
        let mayBeMarked = other.phase == .signed || other.phase == .broadcast
        guard let attempt = mayBeMarked ? attempts.last : attempts.last(where: { $0.sendingAt != nil }) else { return }
        if attempt.sendingAt == nil {
            let now = engine.clock.now()
            let endpoint = try connectedChain().endpointName
            other = try other.after(.sendIntended(attempt.hash, endpoint: endpoint), at: now)
            let note = HistoryEntry(
                at: now, phase: other.phase, event: "send-intended", detail: "on behalf of operation \(operation.id)")
            _ = try await engine.store.commit(StoreChange(operation: other, entry: note))
        }
        let chain = try connectedChain()
        do {
            _ = try await chain.send(attempt.raw)
        } catch {
            // Whoever resumes that operation sends the same bytes again.
        }
    }
}

extension OperationRun {
    /// Uses up a nonce below ours that this store never signed and that nobody else is about to spend: a reorganisation
    /// or an endpoint that counted wrongly has left it, and no other operation of the signer has taken it meanwhile.
    ///
    /// It is an operation of its own, so that all that holds of a transaction holds of this one.
    mutating func closeGap(_ seen: Sighting) async throws(Failure) {
        guard let registration = operation.registration, let chainID = operation.chainID, operation.call?.nonce == nil,
            let signer = engine.signer?.address, signer == registration.signer, let count = seen.countAtHead
        else { return }
        let lane = Lane(chainID: chainID, signer: signer)
        let signed = try await nonces(of: lane, from: count)
        let gap = NonceLane.gap(countAtHead: count, below: registration.nonce, signed: signed)
        guard let gap, closedGaps.insert(gap).inserted else { return }
        let call = ChainCall(.useNonce(gap, of: signer), chainID: chainID, rpcEndpoint: operation.rpcEndpoint)
        let intent = Intent(
            cvm: signer.hex, apiURL: operation.intent.apiURL, change: .call(call), mode: .register, goal: .confirmed,
            signer: signer, policy: operation.intent.policy)
        var options = options
        options.terms = nil
        options.timeout = min(deadline - engine.clock.uptime(), .seconds(60))
        do throws(OperationStop) {
            let filler = try await engine.begin(intent)
            _ = try await engine.run(filler.id, options: options)
        } catch {
            // It is in the store with its reason; here the wait for the nonce goes on.
            if error.failure == .interrupted { throw error.failure }
        }
    }
}

/// Whether a lane has stopped moving: heads come, and none of its transactions is mined.
struct LaneStall {
    /// Heads without a transaction after which what is signed is sent again.
    private static let heads: UInt64 = 2

    private var last: (count: UInt64, head: UInt64)?

    /// Judges a look.
    mutating func isStalled(count: UInt64, head: UInt64) -> Bool {
        guard let last, last.count == count else {
            last = (count, head)
            return false
        }
        guard head >= last.head, head - last.head >= Self.heads else { return false }
        self.last = (count, head)
        return true
    }
}
