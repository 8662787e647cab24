// SPDX-License-Identifier: Apache-2.0

extension Engine {
    /// Takes an operation over that was exported elsewhere, or that comes back here.
    ///
    /// It awaits approval as before and never takes a nonce. The same document imported again changes nothing, unless it
    /// brings the commit token without which the operation had come.
    ///
    /// - Parameter token: the commit token, where the document came without.
    /// - Throws: ``OperationStop``, when the document is a record, is older than what this store has, or another
    ///   operation of the same CVM is unfinished here.
    public func adopt(
        _ document: PortableDocument, token: String? = nil, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Operation {
        guard let arriving = document.operation else {
            throw OperationStop(
                Failure(
                    .finalConflict,
                    "The file is a record of operation \(document.id), to be read only. Nothing was imported.",
                    hint: "Only an operation that awaits approval goes on elsewhere; 'countersign import --show' shows "
                        + "the record."), operation: document.id)
        }
        let lock = try await acquire(document.id, until: clock.uptime() + options.timeout)
        defer { lock.unlock() }
        do {
            var operation = try await settle(arriving, history: document.history)
            if let token, operation.isTokenWithheld { operation = try await name(token, of: operation) }
            return operation
        } catch let stop as OperationStop {
            throw stop
        } catch let error as StoreError {
            throw OperationStop(error.failure, operation: document.id)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"), operation: document.id)
        }
    }

    /// Stores the commit token of an operation that came without.
    ///
    /// - Throws: ``OperationStop`` with `usage` when the operation does not wait for one.
    public func nameToken(
        _ token: String, of id: OperationID, options: RunOptions = RunOptions()
    ) async throws(OperationStop) -> Operation {
        let lock = try await acquire(id, until: clock.uptime() + options.timeout)
        defer { lock.unlock() }
        let operation = try await load(id)
        if operation.preparation?.commitToken == token { return operation }
        guard operation.phase == .awaitingApproval, operation.isTokenWithheld else {
            throw OperationStop(
                Failure(
                    .usage, "Operation \(id) has its commit token already, or needs none. Nothing was done.",
                    hint: "Leave --token away."), operation: id, phase: operation.phase)
        }
        do {
            return try await name(token, of: operation)
        } catch let error as StoreError {
            throw OperationStop(error.failure, operation: id, phase: operation.phase)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"), operation: id, phase: operation.phase)
        }
    }

    /// Puts an arriving operation into the store.
    private func settle(_ arriving: Operation, history: [HistoryEntry]) async throws -> Operation {
        let now = clock.now()
        guard let present = try await store.operation(arriving.id) else {
            let entry = HistoryEntry(
                at: now, phase: arriving.phase, event: "imported", detail: "document \(arriving.hop)")
            return try await store.create(arriving, entries: history + [entry])
        }
        guard present.isSameWork(as: arriving) else {
            throw stop(
                .badInput, present,
                "This store has an operation named \(present.id) that is about something else. Nothing was imported.",
                hint: "Check where the file comes from.")
        }
        switch present.phase {
        case .awaitingApproval where present.hop == arriving.hop:
            guard present.isTokenWithheld, let token = arriving.preparation?.commitToken else { return present }
            return try await name(token, of: present)
        case .moved where arriving.hop > present.hop:
            let event = Event.returned(
                hop: arriving.hop, arriving.preparation ?? present.preparation,
                isTokenWithheld: arriving.isTokenWithheld)
            let next = try present.after(event, at: now)
            let entry = HistoryEntry(at: now, phase: next.phase, event: event.name, detail: event.detail)
            let stored = try await store.commit(StoreChange(operation: next, entry: entry))
            watcher(.advanced(stored, by: event))
            return stored
        case .moved:
            throw stop(
                .finalConflict, present,
                "Operation \(present.id) left this store with document \(present.hop), and this is document "
                    + "\(arriving.hop): it goes on where it was imported. Nothing was imported.",
                hint: "Import the file in another store, or one that was exported there later in this one.")
        case .awaitingApproval, .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed,
            .running, .failed, .cancelled, .superseded:
            throw stop(
                .finalConflict, present,
                "This store has operation \(present.id) already, in phase \(present.phase.rawValue). Nothing was "
                    + "imported.", hint: "Run 'countersign status \(present.id)' to see what became of it.")
        }
    }

    private func name(_ token: String, of operation: Operation) async throws -> Operation {
        let now = clock.now()
        let event = Event.tokenNamed(token)
        let next = try operation.after(event, at: now)
        let entry = HistoryEntry(at: now, phase: next.phase, event: event.name, detail: event.detail)
        return try await store.commit(StoreChange(operation: next, entry: entry))
    }

    private func stop(_ code: ErrorCode, _ operation: Operation, _ text: String, hint: String) -> OperationStop {
        OperationStop(Failure(code, text, hint: hint), operation: operation.id, phase: operation.phase)
    }
}

extension Operation {
    /// Whether two states are of the same work: what never changes is the same.
    fileprivate func isSameWork(as other: Operation) -> Bool {
        intent.isSame(as: other.intent) && target == other.target && createdAt == other.createdAt
            && preparation?.composeHash == other.preparation?.composeHash
            && calls.map(\.call) == other.calls.map(\.call)
    }
}
