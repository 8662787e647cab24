// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// The store of a run, in memory, with the rules of a real one: revisions compared, nonces held once, all or nothing.
final class SimulatedStore {
    /// An operation as it is stored.
    private struct Row {
        let id: OperationID
        var value: Orchestrator.Operation
        /// The payload, when the codec is in use.
        var text: String
    }

    private let usesCodec: Bool
    private var rows: [Row] = []
    private(set) var ledger: [SignedNonce] = []

    init(usesCodec: Bool) {
        self.usesCodec = usesCodec
    }

    private func place(_ id: OperationID) -> Int? {
        rows.firstIndex { $0.id == id }
    }

    private func stored(_ row: Row) throws(StoreError) -> Orchestrator.Operation {
        usesCodec ? try Orchestrator.Operation(payload: row.text, revision: row.value.revision) : row.value
    }

    /// What is stored, for who watches.
    func value(_ id: OperationID) -> Orchestrator.Operation? {
        place(id).map { rows[$0].value }
    }

    /// All that is stored, oldest first, for who watches.
    var values: [Orchestrator.Operation] { rows.map(\.value) }

    // MARK: The store's transactions

    func create(_ operation: Orchestrator.Operation) throws(StoreError) -> Orchestrator.Operation {
        if let other = unfinished(besides: operation) { throw .unfinishedOperation(other) }
        let twin = rows.first {
            operation.kind == .contractCall && !$0.value.isFinished && $0.value.intent.asksTheSame(as: operation.intent)
        }
        if let twin { throw .unfinishedOperation(twin.id) }
        rows.append(Row(id: operation.id, value: operation, text: usesCodec ? operation.payload : ""))
        return operation
    }

    func operation(_ id: OperationID) throws(StoreError) -> Orchestrator.Operation? {
        guard let place = place(id) else { return nil }
        return try stored(rows[place])
    }

    func operations(unfinishedOnly: Bool) throws(StoreError) -> [Orchestrator.Operation] {
        var found: [Orchestrator.Operation] = []
        for row in rows.reversed() where !unfinishedOnly || !row.value.isFinished { found.append(try stored(row)) }
        return found
    }

    func commit(_ change: StoreChange) throws(StoreError) -> Orchestrator.Operation {
        let next = change.operation.written()
        if let other = unfinished(besides: next) { throw .unfinishedOperation(other) }
        guard let place = place(next.id) else { throw .noSuchOperation }
        guard rows[place].value.revision == change.operation.revision else { throw .staleRevision }
        var ledger = ledger
        for entry in change.ledger { try Self.apply(entry, by: next.id, to: &ledger) }
        self.ledger = ledger
        rows[place].value = next
        if usesCodec { rows[place].text = next.payload }
        return next
    }

    func markSpent(_ nonce: UInt64, in lane: Lane) {
        for place in ledger.indices where ledger[place].nonce == nonce && ledger[place].lane == lane {
            ledger[place] = Self.spent(ledger[place])
        }
    }

    private func unfinished(besides operation: Orchestrator.Operation) -> OperationID? {
        guard let cvm = operation.target?.cvmID else { return nil }
        return rows.first {
            $0.id != operation.id && !$0.value.isFinished && $0.value.target?.cvmID == cvm
                && $0.value.intent.apiURL == operation.intent.apiURL
        }?.id
    }

    private static func apply(
        _ change: StoreChange.LedgerChange, by id: OperationID, to ledger: inout [SignedNonce]
    ) throws(StoreError) {
        switch change {
        case .take(let nonce, let lane, let first):
            let held = ledger.lazy.filter { $0.lane == lane && $0.nonce >= first && $0.nonce <= nonce }.map(\.nonce)
            guard first <= nonce, held.elementsEqual(first..<nonce) else { throw .nonceTaken(nonce) }
            let place = ledger.firstIndex { $0.nonce > nonce } ?? ledger.count
            ledger.insert(SignedNonce(lane: lane, nonce: nonce, operation: id, isSpent: false), at: place)
        case .release(let nonce, let lane):
            guard !ledger.contains(where: { $0.lane == lane && $0.nonce > nonce && !$0.isSpent }) else {
                throw .nonceNeeded(nonce)
            }
            ledger.removeAll { $0.nonce == nonce && $0.lane == lane && $0.operation == id }
        case .spend(let nonce, let lane):
            for place in ledger.indices where ledger[place].nonce == nonce && ledger[place].lane == lane {
                ledger[place] = spent(ledger[place])
            }
        }
    }

    private static func spent(_ entry: SignedNonce) -> SignedNonce {
        SignedNonce(lane: entry.lane, nonce: entry.nonce, operation: entry.operation, isSpent: true)
    }
}
