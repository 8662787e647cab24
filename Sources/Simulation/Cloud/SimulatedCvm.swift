// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// A CVM as the simulated cloud keeps it.
struct SimulatedCvm {
    /// A change that waits for its registration.
    struct Pending {
        let hash: ComposeHash
        let object: JSONObject
        /// The number of the token, if it was prepared for a commit.
        let token: Int?
        /// Who prepared it; `nil` for somebody else.
        let operation: OperationID?
        let at: Int64
        /// What it sets that is no part of the compose object.
        let setting: JSON?
    }

    /// How a restart goes.
    enum Restart {
        case succeeds
        /// The CVM ends in an error.
        case breaks
        /// The service gives up and starts what ran before.
        case rollsBack
    }

    /// A change that the cloud made.
    struct Change {
        let correlationID: String
        let at: Int64
        /// Whose change it is; `nil` for somebody else's.
        let operation: OperationID?
        let hash: ComposeHash
        let before: (hash: ComposeHash, object: JSONObject)
        let until: Int64
        let restart: Restart
        var isOver = false
    }

    let id: String
    /// The app's contract; `nil` when the KMS is not on chain.
    let app: Int?
    var hash: ComposeHash
    var object: JSONObject
    var status = "running"
    var isReplica = false
    /// The operator has deleted it.
    var isGone = false
    /// What was set last that is no part of the compose object.
    var setting: JSON?
    var pending: Pending?
    var pendingReplica: World.PendingReplica?
    var tokens = 0
    var changes: [Change] = []

    /// Grows with every change, whoever made it.
    var version = 0

    /// The version that each operation saw when it last read the CVM; looked up, never walked.
    var seen: [OperationID: Int] = [:]

    var isBusy: Bool { changes.last.map { !$0.isOver } ?? false }

    /// How long the service keeps a preparation, in microseconds: fourteen days.
    static let validity: Int64 = 14 * 24 * 3600 * 1_000_000

    /// Ends the restart in progress if its time has come.
    mutating func settle(now: Int64) {
        guard let last = changes.indices.last, !changes[last].isOver, changes[last].until <= now else { return }
        changes[last].isOver = true
        switch changes[last].restart {
        case .succeeds: status = "running"
        case .breaks: status = "error"
        case .rollsBack:
            status = "running"
            (hash, object) = changes[last].before
            version += 1
        }
    }

    /// Begins a change.
    mutating func apply(
        _ hash: ComposeHash, _ object: JSONObject, by operation: OperationID?, now: Int64, lasting: Int64,
        restart: Restart
    ) -> String {
        let correlationID = "correlation-\(id)-\(changes.count + 1)"
        changes.append(
            Change(
                correlationID: correlationID, at: now, operation: operation, hash: hash,
                before: (self.hash, self.object), until: now + lasting, restart: restart))
        self.hash = hash
        self.object = object
        status = "restarting"
        pending = nil
        version += 1
        return correlationID
    }
}
