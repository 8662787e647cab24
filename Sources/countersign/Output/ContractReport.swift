// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What all reports about a contract begin with.
enum ContractReport {
    /// The members for programs.
    static func head(_ work: ContractWork, block: UInt64? = nil) -> JSONObject {
        var object = JSONObject()
        object["app_id"] = .string(work.app.hex)
        object["chain_id"] = JSON(count: work.chainID)
        object["cvm_id"] = JSON(text: work.cvm?.target.cvmID)
        object["block_number"] = block.map { JSON(count: $0) }
        return object
    }

    /// The first line for people.
    static func headline(_ work: ContractWork, style: Style) -> String {
        let cvm = work.cvm.map { ", app of " + SafeText.line($0.name ?? $0.target.cvmID, limit: 60) } ?? ""
        return "\(style.strong(work.app.checksummed)) on chain \(work.chainID)\(cvm)"
    }
}

/// Who owns a contract, as programs and people read it.
struct OwnerReport {
    let work: ContractWork
    let standing: AppStanding
    let block: UInt64

    /// What stands behind the owner, and behind the account to which the contract is offered.
    let kinds: [Address: AccountKind]

    /// The key's account, if there is a key.
    let signer: Address?

    /// The result for programs.
    var json: JSONObject {
        var object = JSONObject.event("result")
        for member in ContractReport.head(work, block: block).members { object[member.key] = member.value }
        object["owner"] = JSON(address: standing.owner)
        object["owner_kind"] = kind(standing.owner).map { .string(AccountReport.kind($0)) } ?? .null
        object["safe"] = kind(standing.owner).map(AccountReport.safe) ?? .null
        object["pending_owner"] = JSON(address: standing.pendingOwner)
        object["pending_owner_kind"] = kind(standing.pendingOwner).map { .string(AccountReport.kind($0)) } ?? .null
        object["transfer"] = .string(steps)
        object["signer"] = JSON(address: signer)
        object["signer_is_owner"] = signer.map { .bool($0 == standing.owner) } ?? .null
        return object
    }

    /// The result for people.
    func lines(style: Style) -> [String] {
        var lines = [ContractReport.headline(work, style: style)]
        func field(_ name: String, _ value: String) {
            lines.append(OperationText.field(name, value, style: style))
        }
        switch standing.owner {
        case Address.zero?: field("owner", "nobody: it was given up, and nothing can be changed any more")
        case let owner?: field("owner", named(owner))
        case nil: field("owner", "the contract names none")
        }
        switch standing.transfer {
        case .oneStep: field("transfer", "in one step: a new owner need not accept")
        case .twoSteps(nil): field("transfer", "in two steps; offered to nobody")
        case .twoSteps(let pending?):
            field("offered to", named(pending))
        }
        if case .safe(let safe)? = kind(standing.owner) {
            for (index, owner) in safe.owners.enumerated() {
                field(index == 0 ? "signers" : "", owner.checksummed + (owner == signer ? ", which is the key" : ""))
            }
        }
        return lines
    }

    private func kind(_ account: Address?) -> AccountKind? { account.flatMap { kinds[$0] } }

    private func named(_ account: Address) -> String {
        account == signer
            ? account.checksummed + ", which is the key"
            : account.checksummed + (kinds[account].map { ", " + AccountReport.text($0) } ?? "")
    }

    private var steps: String {
        switch standing.transfer {
        case .oneStep: "one-step"
        case .twoSteps: "two-step"
        }
    }
}
