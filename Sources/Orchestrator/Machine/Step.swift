// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// The effect that comes next.
///
/// It follows from the stored operation alone: resuming is doing the next step.
public enum Step: Sendable, Hashable {
    /// Read the CVM and its compose object.
    case survey
    /// Provision the given object: the cloud names its hash and changes nothing.
    case provision
    /// Store the intent, then send the change.
    case prepare
    /// The change may have been sent: find out from the cloud whether it was applied.
    case findPrepareOutcome
    /// Recompute the hash and examine the contract.
    case verify
    /// Clamp the fees, take a nonce, sign, and store both at once.
    case sign
    /// Store the intent, then send the attempt.
    case send(TransactionHash)
    /// An attempt may have been sent: look for it, else send the same bytes again.
    case findOrSend(TransactionHash)
    /// Wait for a receipt of any attempt.
    case awaitReceipt
    /// Wait until the receipt is deep enough.
    case awaitDepth
    /// Store the intent, then confirm to the cloud.
    case confirm
    /// A confirmation may have been sent: find out from the cloud whether it was applied.
    case findConfirmationOutcome
    /// Wait until the CVM runs with the update.
    case observe
    /// Nothing to do until somebody else has registered the hash.
    case awaitApproval
    /// Nothing to do any more.
    case rest
}

extension Operation {
    /// What comes next.
    public var nextStep: Step {
        if isFinished { return .rest }
        switch phase {
        case .created:
            if kind.involvesCloud, target == nil { return .survey }
            if !isPreparedFirst { return .verify }
            if kind.provisions { return .provision }
            return prepareSentAt == nil ? .prepare : .findPrepareOutcome
        case .prepared: return .verify
        case .verified: return .sign
        case .signed:
            guard let attempt = registration?.latest else { return .sign }
            return attempt.sendingAt == nil ? .send(attempt.hash) : .findOrSend(attempt.hash)
        case .broadcast: return .awaitReceipt
        case .mined: return .awaitDepth
        case .awaitingApproval: return .awaitApproval
        case .confirmed: return confirmation == nil ? .confirm : .findConfirmationOutcome
        case .committed: return .observe
        case .running, .failed, .cancelled, .superseded, .moved: return .rest
        }
    }
}
