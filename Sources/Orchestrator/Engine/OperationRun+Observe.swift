// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `committed`: until the CVM runs with the update.
extension OperationRun {
    /// Waits for the CVM; `running` is said only while the hash is allowed on chain.
    mutating func observe() async throws(Failure) {
        guard let id = operation.observedCvm else { return }
        var rest: Duration = .milliseconds(250)
        var unchangedSince: Duration?
        while operation.phase == .committed {
            guard let cvm = try await present(id) else {
                try await pause(rest, for: "the machine, which the cloud does not show yet")
                rest = min(rest * 3 / 2, .seconds(5))
                continue
            }
            if let replica = operation.replica, replica.cvmID == nil {
                try await record(.replicaMade(replica.knowing(cvm.target)))
            }
            let judgement = judge(cvm)
            unchangedSince = judgement == .unchanged ? unchangedSince ?? engine.clock.uptime() : nil
            switch judgement {
            case .arrived: if try await arrive() { return }
            case .ended(let failure): return try await record(.failed(failure))
            case .unchanged: if try await noticeRollback(since: unchangedSince) { return }
            case .underWay: break
            }
            try await pause(rest, for: "the CVM, which is \(PrintableText.cleaned(cvm.status))")
            rest = min(rest * 3 / 2, .seconds(5))
        }
    }

    /// The CVM; `nil` while a machine that was just made is not shown.
    private mutating func present(_ id: String) async throws(Failure) -> CvmSnapshot? {
        do throws(Failure) {
            return try await ask { cloud throws(CloudError) in try await cloud.cvm(id) }
        } catch {
            guard error.code == .notFound, operation.replica != nil else { throw error }
            return nil
        }
    }

    /// What the CVM's state says about our update.
    private enum Judgement: Equatable {
        case arrived
        case underWay
        /// It runs, idle, with the hash from before.
        case unchanged
        case ended(Failure)
    }

    private func judge(_ cvm: CvmSnapshot) -> Judgement {
        if cvm.isBusy { return .underWay }
        let found = cvm.target.baseHash
        let ours = operation.finalHash
        if let ours, let found, found != ours, found != operation.target?.baseHash {
            return .ended(
                Failure(
                    .superseded,
                    "The CVM runs another update: its compose hash is \(found), this update's is \(ours).",
                    hint: "Look at the CVM with 'countersign cvm get', then run the update again if you still want it.")
            )
        }
        if Self.errorStatuses.contains(cvm.status.lowercased()) {
            return .ended(
                Failure(
                    .finalConflict,
                    "The service accepted the update, but the CVM reports '\(PrintableText.cleaned(cvm.status))'.",
                    hint: "Look at the CVM's logs; the registered hash stays valid on chain."))
        }
        guard cvm.status.lowercased() == "running" else { return .underWay }
        return ours == nil || found == ours ? .arrived : .unchanged
    }

    /// Statuses in which a CVM does not come up by itself.
    private static let errorStatuses: Set<String> = ["error", "failed", "crashed", "boot_failed"]

    /// The CVM runs with our hash: the service's own record and the contract have the last word.
    ///
    /// - Returns: whether the operation moved.
    private mutating func arrive() async throws(Failure) -> Bool {
        switch try await recordedOutcome() {
        case "in_progress": return false
        case "failed":
            try await record(
                .failed(
                    Failure(
                        .finalConflict, "The service says that the update failed, although the CVM runs.",
                        hint: "Look at the CVM's operations; the registered hash stays valid on chain.")))
            return true
        default: break
        }
        guard operation.target?.chainID != nil, operation.preparation != nil || operation.needsRegistration else {
            try await record(.running)
            return true
        }
        let seen = try await lookAtCalls()
        if let lost = operation.lostCall(seen) {
            try await returnToBroadcast(lost)
            return true
        }
        guard seen.isInEffect == true else {
            guard isRefusal(seen) || seen.isInEffect == nil else { return false }
            try await record(
                .failed(
                    Failure(
                        .hashNotAllowed,
                        "The CVM runs with the update, but the app's contract does not allow its hash "
                            + "\(operation.finalHash?.hex ?? "") any more: at the next start it gets no keys.",
                        hint: "Ask the contract's owner who removed the hash.")))
            return true
        }
        try await record(.running)
        return true
    }

    /// The CVM runs as before the update: over, if the service records that the update failed.
    ///
    /// - Returns: whether the operation moved.
    private mutating func noticeRollback(since moment: Duration?) async throws(Failure) -> Bool {
        switch try await record()?.status {
        case "failed": break
        case "completed": return try await noticeUndoing(since: moment)
        case .some, .none: return try await noticeSilence(since: moment)
        }
        try await record(
            .failed(
                Failure(
                    .finalConflict,
                    "The service says that the update failed, and the CVM runs as before.",
                    hint: "Look at the CVM's operations and logs; the registered hash stays valid on chain.")))
        return true
    }

    /// The update was carried out, and the CVM has been running for a while with the hash from before: somebody has
    /// changed it back.
    ///
    /// - Returns: whether the operation moved.
    private mutating func noticeUndoing(since moment: Duration?) async throws(Failure) -> Bool {
        guard let moment, engine.clock.uptime() - moment >= .seconds(30), let id = operation.observedCvm else {
            return false
        }
        // The look was before the list's word; what is seen after it counts.
        guard let cvm = try await present(id), judge(cvm) == .unchanged else { return false }
        try await record(
            .failed(
                Failure(
                    .superseded,
                    "The service carried the update out, and the CVM runs with the compose hash from before again: somebody "
                        + "has changed it back.",
                    hint: "Look at the CVM with 'countersign cvm get', then run the update again if you still want it."
                )))
        return true
    }

    /// The CVM has been running as before the update for long, and the service shows nothing under way: it has no list,
    /// or none in it is ours.
    ///
    /// - Returns: whether the operation moved.
    private mutating func noticeSilence(since moment: Duration?) async throws(Failure) -> Bool {
        let age = engine.clock.now().milliseconds - operation.updatedAt.milliseconds
        // A clock that was set forward must not make a moment long.
        guard let moment, age >= Self.silenceLimit, engine.clock.uptime() - moment >= .seconds(30) else { return false }
        let listed = try await listed(since: operation.updatedAt)
        guard listed?.allSatisfy(\.hasEnded) != false else { return false }
        try await record(
            .failed(
                Failure(
                    .finalConflict,
                    "The service accepted the update more than ten minutes ago, and the CVM runs, idle, with the hash from "
                        + "before. "
                        + (listed == nil
                            ? "The service has no list of operations that tells what became of the update."
                            : "The service's list of operations shows none under way."),
                    hint: "Look at the CVM's logs, then run the update again; the registered hash stays valid on chain."
                )))
        return true
    }

    /// How long an accepted update may leave the CVM as it was where nothing can be asked, in milliseconds.
    private static let silenceLimit: Int64 = 600_000

    /// What the service records of our update, where it records it; asked only when the hash does not tell.
    private mutating func recordedOutcome() async throws(Failure) -> String? {
        guard operation.finalHash == nil || operation.finalHash == operation.target?.baseHash else { return nil }
        return try await record()?.status
    }

    /// The service's record of our update; the only one since we asked for it when its id is not known.
    private mutating func record() async throws(Failure) -> CloudOperation? {
        guard let target = operation.target else { return nil }
        let since = operation.confirmation?.at ?? operation.prepareSentAt ?? operation.createdAt
        // Without that list the CVM's state alone counts.
        guard let recorded = try await listed(since: since) else { return nil }
        if let id = operation.correlationID { return recorded.first { $0.correlationID == id } }
        let before = [operation.confirmation?.correlationBefore, target.correlationID]
        let candidates = recorded.filter { !before.contains($0.correlationID) }
        return candidates.count == 1 ? candidates.first : nil
    }
}
