// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

extension Engine {
    /// Writes an operation as a document.
    ///
    /// One that awaits approval is marked as moved first, in the same commit that gives the document its number; from
    /// then on it goes on only where the document is imported. Exported again, it gives the same document again, so that
    /// a process that dies in between, or a file that is lost, loses nothing. Any other operation stays as it is, and the
    /// document is a record.
    ///
    /// - Parameters:
    ///   - withToken: whether the commit token goes along.
    ///   - asRecord: whether a record is written in any case, and the operation goes on here.
    ///   - describe: what a record says of the operation.
    public func export(
        _ id: OperationID, withToken: Bool = true, asRecord: Bool = false, options: RunOptions = RunOptions(),
        describe: (Operation) -> JSONObject
    ) async throws(OperationStop) -> PortableDocument {
        let lock = try await acquire(id, until: clock.uptime() + options.timeout)
        defer { lock.unlock() }
        var operation = try await load(id)
        do {
            if operation.phase == .awaitingApproval, !asRecord {
                let now = clock.now()
                let next = try operation.after(.moved, at: now)
                let entry = HistoryEntry(
                    at: now, phase: next.phase, event: Event.moved.name, detail: "document \(next.hop)")
                operation = try await store.commit(StoreChange(operation: next, entry: entry))
                watcher(.advanced(operation, by: .moved))
            }
            let history = try await store.history(of: id)
            guard let underway = operation.underway, !asRecord else {
                return PortableDocument(id: id, content: .record(describe(operation)), history: history)
            }
            // What was noted after the move, such as a commit that was refused here, is no part of the document.
            let end = history.lastIndex { $0.event == Event.moved.name } ?? history.indices.last ?? 0
            return PortableDocument(
                id: id, content: .operation(withToken ? underway : underway.withoutToken),
                history: Array(history.prefix(end + 1)))
        } catch let error as StoreError {
            throw OperationStop(error.failure, operation: id, phase: operation.phase)
        } catch {
            throw OperationStop(Failure(.internalError, "\(error)"), operation: id, phase: operation.phase)
        }
    }
}

extension Operation {
    /// The operation without the credential of its commit.
    fileprivate var withoutToken: Operation {
        guard preparation?.commitToken != nil else { return self }
        var next = self
        next.preparation = preparation?.with(token: nil)
        next.isTokenWithheld = true
        return next
    }
}
