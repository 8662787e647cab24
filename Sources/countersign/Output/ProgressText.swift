// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// What people read of each step while it happens.
enum ProgressText {
    /// The line of an event: the step's name and what is worth knowing; `nil` for steps that only `--verbose` shows.
    static func line(_ event: Event, _ operation: Operation) -> (name: String, detail: String)? {
        switch event {
        case .prepared(let preparation):
            ("prepared", "the cloud names the hash \(preparation.composeHash)")
        case .appliedAtOnce: ("committed", "the cloud applied it at once, no registration was needed")
        case .nothingToChange: ("committed", "the cloud found nothing to change")
        case .verified(let verification, let owner, _):
            ("verified", word(verification) + (owner == .zero ? "" : ", owner \(owner.checksummed)"))
        case .approvalAwaited(let verification, let owner, let kind, _):
            (
                "awaiting",
                "\(word(verification)), approval by \(owner.checksummed)"
                    + (kind.map { ", \(AccountReport.text($0))" } ?? "")
            )
        case .foundRegistered(let verification, _, _): ("confirmed", "\(word(verification)), in effect already")
        case .termsChanged: ("terms", "limits and goal as now given")
        case .deviceAccepted(let device): ("accepted", "device \(device)")
        case .replicaMade(let replica): ("committed", "the cloud has made \(replica.name ?? "the replica")")
        case .registrationNotRequired: ("confirmed", "hash recomputed here, no registration needed")
        case .signed(let attempt, _), .replaced(let attempt): (name(event, attempt), signed(attempt))
        case .accepted: ("broadcast", operation.registration.map { "nonce \($0.nonce)" } ?? "")
        case .mined(let inclusion): ("mined", "block \(inclusion.blockNumber), \(inclusion.gasUsed) gas")
        case .reorganised: ("reorganised", "the block is gone; the same bytes are sent again")
        case .confirmed(let inclusion):
            ("confirmed", "block \(inclusion.blockNumber), depth \(operation.limits?.confirmations ?? 1)")
        case .nonceSpent(let hash, let block):
            ("verified", "nonce spent by \(hash) in block \(block); signing anew")
        case .burned(let hash): ("cancelled", "nonce used up by \(hash)")
        case .approved(let hash, _): ("confirmed", hash.map { "registered by \($0)" } ?? "registered")
        case .overtaken(_, let other):
            ("confirmed", "somebody else's \(other) came first")
        case .renewed: ("renewed", "the preparation had expired; same hash, no second transaction")
        case .registrationLost:
            ("reorganised", "the registration is gone from the chain; the same bytes are sent again")
        case .committed(let id): ("committed", id.map { "the cloud runs it as \($0)" } ?? "the cloud runs it")
        case .running: ("running", "")
        case .yielded(let id): ("joined", "the same update is \(id) already; that one goes on")
        case .cancelled: ("cancelled", "")
        case .moved: ("moved", "it goes on where its file is imported")
        case .returned: ("returned", "it goes on here")
        case .foundInEffect, .surveyed, .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .sendIntended,
            .confirmationIntended,
            .confirmationNotApplied, .confirmationLeftOpen, .failed, .superseded, .reverted, .tokenNamed:
            nil
        }
    }

    private static func name(_ event: Event, _ attempt: Attempt) -> String {
        if case .replaced = event { return attempt.purpose == .burn ? "cancelling" : "replaced" }
        return "signed"
    }

    private static func signed(_ attempt: Attempt) -> String {
        "\(attempt.hash), nonce \(attempt.nonce), at most \(Wei.gwei(attempt.maxFeePerGas)) gwei a gas"
    }

    private static func word(_ verification: Verification) -> String {
        switch verification {
        case .recomputed: "hash recomputed here"
        case .accepted: "hash accepted by the operator"
        case .notRequired: "no hash to verify"
        }
    }
}
