// SPDX-License-Identifier: Apache-2.0

/// What must hold at every step of every run.
package enum Assertion: Int, Sendable, CaseIterable {
    /// At most one mined transaction a registration.
    case oneMined = 1
    /// A second nonce only when every earlier one is spent by somebody else's transaction, at depth.
    case secondNonce
    /// One signer a registration.
    case oneSigner
    /// All that is sent is in the store before, with its mark.
    case storedBefore
    /// Below each signed nonce all are spent at depth or signed in the same ledger.
    case noGap
    /// No live nonce belongs to two registrations.
    case nonceOnce
    /// No mined registration of a cancelled operation.
    case cancelled
    /// No failure by a revert whose transaction is canonical with status 1.
    case reverted
    /// No failure for want of allowance while the hash is allowed or the transaction can still be mined.
    case notAllowed
    /// The hash that was verified or accepted is the one signed, mined and confirmed.
    case oneHash
    /// An operation is applied at most once.
    case appliedOnce
    /// What is applied is applied to the base that was verified.
    case base
    /// `running` only of an own, completed update of a CVM that runs with an allowed hash.
    case running
    /// No failure by another hash while the own restart runs.
    case otherHash
    /// A write with an old revision, or without the operation's lock, changes nothing.
    case fencing
    /// Fees within the caps, each replacement an eighth higher in both.
    case fees
    /// At most three renewals of a preparation.
    case renewals
    /// At most one unfinished operation a CVM.
    case oneUnfinished
    /// No answer of an endpoint whose chain this process has not compared.
    case chainCompared
    /// A final phase is never left, an open nonce stays listed.
    case final
    /// When the faults are over every operation ends, and a new registration is mined.
    case liveness
    /// A registration that leads to `confirmed` is as deep as the policy asks.
    case depth
    /// A call of a plan is signed only when those before it are in effect, deep enough.
    case order
    /// No more transactions of a signer are on their way than the window has room for.
    case window
}

/// A promise that was broken.
package struct Violation: Error, Sendable, CustomStringConvertible {
    /// Which.
    package let assertion: Assertion

    /// How.
    package let message: String

    /// When, in microseconds of simulated time.
    package let time: Int64

    /// The assertion's number and name, and how it was broken.
    package var description: String { "assertion \(assertion.rawValue) (\(assertion)): \(message)" }
}
