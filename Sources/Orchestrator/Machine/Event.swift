// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What happened to an operation; the only thing that moves it.
public enum Event: Sendable, Hashable {
    /// The CVM and its compose object were read.
    case surveyed(Target, Expectation?)
    /// The change, which may be applied at once, is about to be sent.
    case prepareIntended
    /// It is certain that the change was not and will not be applied.
    case prepareNotApplied
    /// The change was not carried out so far, and may be: it was never answered, or turned down for the moment.
    case prepareLeftOpen
    /// The cloud named the hash, in its demand for a registration or as the answer to provisioning.
    case prepared(Preparation)
    /// The cloud runs the update without a registration.
    case appliedAtOnce(correlationID: String?)
    /// The cloud found nothing to change.
    case nothingToChange
    /// Hash, contract and simulation are in order; this tool is to sign.
    case verified(Verification, owner: Address, atBlock: UInt64)
    /// Hash and contract are in order; somebody else is to sign.
    case approvalAwaited(Verification, owner: Address, kind: AccountKind?, atBlock: UInt64)
    /// The call at work is in effect already, deep enough: for an update, the verified hash is allowed.
    case foundRegistered(Verification, owner: Address, atBlock: UInt64)
    /// A call of the plan, named by its place, is in effect already, deep enough; whoever approves need not make it.
    case foundInEffect(Int)
    /// The operator named other limits or another goal.
    case termsChanged(Terms)
    /// The operator accepted a device for a replica.
    case deviceAccepted(Bytes32)
    /// The hash is in order, and the CVM's KMS is not on chain: nothing has to be registered.
    case registrationNotRequired
    /// A transaction was signed at a nonce that nobody holds.
    case signed(Attempt, atBlock: UInt64)
    /// A dearer transaction was signed at the nonce in use, or one that burns it.
    case replaced(Attempt)
    /// An attempt is about to be sent.
    case sendIntended(TransactionHash, endpoint: String?)
    /// An endpoint took an attempt, or had it already.
    case accepted(TransactionHash)
    /// A receipt proves the call at work.
    case mined(Inclusion)
    /// The receipt is gone from the canonical chain.
    case reorganised
    /// The receipt is as deep as the policy asks.
    case confirmed(Inclusion)
    /// The nonce in use is proven spent by a transaction that is not ours.
    case nonceSpent(by: TransactionHash, inBlock: UInt64)
    /// The burning transaction is as deep as the policy asks.
    case burned(TransactionHash)
    /// Somebody else's registration was found, deep enough for a look with this head.
    case approved(TransactionHash?, atBlock: UInt64)
    /// The confirmation is about to be sent.
    case confirmationIntended(ConfirmationMark)
    /// It is certain that the confirmation was not and will not be applied.
    case confirmationNotApplied
    /// The confirmation was not carried out so far, and may be: it was never answered, or turned down for the moment.
    case confirmationLeftOpen
    /// An expired preparation was renewed with the same hash.
    case renewed(Preparation)
    /// A call, named by its place in the plan, is no longer on the canonical chain.
    case registrationLost(of: Int)
    /// The replica's machine is there, or its ids have become known.
    case replicaMade(Replica)
    /// The cloud runs the update.
    case committed(correlationID: String?)
    /// The CVM runs with the update, and the hash is allowed.
    case running
    /// The transaction of the call at work failed, at depth.
    case reverted(TransactionHash, Failure)
    /// The transaction of the call at work failed, at depth, because somebody else's had brought the same about.
    case overtaken(TransactionHash, by: TransactionHash)
    /// The operation ends without the update.
    case failed(Failure)
    /// Another update took its place.
    case superseded(Failure)
    /// The same update is another operation already, which goes on.
    case yielded(to: OperationID)
    /// The operator gave it up.
    case cancelled
    /// The operation is about to be written to a file, to go on elsewhere.
    case moved
    /// The operation came back from elsewhere, with the credential that is valid now, if it came along.
    case returned(hop: Int, Preparation?, isTokenWithheld: Bool)
    /// The operator named the commit token, without which the operation had come.
    case tokenNamed(String)
}

extension Event {
    /// The event's name in the history.
    public var name: String {
        switch self {
        case .surveyed: "surveyed"
        case .prepareIntended: "prepare-intended"
        case .prepareNotApplied: "prepare-not-applied"
        case .prepareLeftOpen: "prepare-left-open"
        case .prepared: "prepared"
        case .appliedAtOnce: "applied-at-once"
        case .nothingToChange: "nothing-to-change"
        case .verified: "verified"
        case .approvalAwaited: "approval-awaited"
        case .foundRegistered: "found-registered"
        case .foundInEffect: "found-in-effect"
        case .termsChanged: "terms-changed"
        case .deviceAccepted: "device-accepted"
        case .registrationNotRequired: "registration-not-required"
        case .signed: "signed"
        case .replaced: "replaced"
        case .sendIntended: "send-intended"
        case .accepted: "accepted"
        case .mined: "mined"
        case .reorganised: "reorganised"
        case .confirmed: "confirmed"
        case .nonceSpent: "nonce-spent"
        case .burned: "burned"
        case .approved: "approved"
        case .confirmationIntended: "confirmation-intended"
        case .confirmationNotApplied: "confirmation-not-applied"
        case .confirmationLeftOpen: "confirmation-left-open"
        case .renewed: "renewed"
        case .registrationLost: "registration-lost"
        case .replicaMade: "replica-made"
        case .committed: "committed"
        case .running: "running"
        case .reverted: "reverted"
        case .overtaken: "overtaken"
        case .failed: "failed"
        case .superseded: "superseded"
        case .yielded: "yielded"
        case .cancelled: "cancelled"
        case .moved: "moved"
        case .returned: "returned"
        case .tokenNamed: "token-named"
        }
    }
}

/// An event that has no meaning in the operation's phase: a fault of the program, never of the outside.
public struct IllegalTransition: Error, Sendable, Hashable, CustomStringConvertible {
    /// The phase.
    public let phase: Phase

    /// The event's name.
    public let event: String

    /// One sentence.
    public var description: String { "'\(event)' cannot happen in phase \(phase.rawValue)" }
}
