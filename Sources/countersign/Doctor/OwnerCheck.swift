// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// What stands behind the owner of an app's contract, and how such an owner approves an update.
struct OwnerCheck {
    /// The app's contract.
    let app: Address

    /// Its owner.
    let owner: Address

    /// The key's account, if there is a key.
    let signer: Address?

    /// The verdict where the key is not the owner's, or there is none.
    ///
    /// - Parameter kind: what stands behind the owner.
    func verdict(_ kind: AccountKind) -> CheckReport.Verdict {
        let advice = kind.approvalAdvice(update: "countersign update CVM …")
        guard signer != nil else {
            let text = "\(app.checksummed) belongs to \(owner.checksummed), \(AccountReport.text(kind))"
            return .well(kind.isKey ? text + "; no key to compare" : text + ". " + advice)
        }
        return .failed(
            Stop(.ownerMismatch(app: app, owner: owner, kind: kind, signer: signer, advice: advice)))
    }
}
