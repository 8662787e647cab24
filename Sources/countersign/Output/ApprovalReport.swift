// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// What somebody needs who has to approve an operation, as programs read it.
enum ApprovalReport {
    /// How long a commit token is valid by the service's documents, in milliseconds; an older one says half of it.
    private static let tokenLife: Int64 = 14 * 24 * 3600 * 1000

    /// How long the commands shown here wait, in seconds.
    private static let wait = 86_400

    /// The members that hold the commit token.
    static let tokenMembers: Set<String> = ["commit_token", "commit_url"]

    /// The members of the result that belong to an approval.
    static func members(_ operation: Operation, _ preparation: Preparation) -> JSONObject {
        var object = JSONObject()
        object["commit_token"] = preparation.commitToken.map(JSON.string)
        object["commit_token_expires_at"] = preparation.commitToken == nil ? nil : JSON(time: expiry(operation))
        object["commit_url"] = preparation.commitURL.map(JSON.string)
        object["onchain_status"] = preparation.onchainStatus.map(JSON.object)
        object["calldata"] = operation.calls.last.map { .string(Hex.encode($0.call.calldata)) }
        object["calls"] = .array(operation.calls.map { call($0.call) })
        object["owner"] = JSON(address: operation.owner)
        object["owner_kind"] = JSON(text: operation.ownerKind.map(AccountReport.kind))
        object["safe"] = operation.ownerKind.map(AccountReport.safe) ?? .null
        object["base_hash"] = JSON(hash: operation.target?.baseHash)
        object["changes"] = .array((operation.expectation?.changes ?? []).map(JSON.string))
        object["diff"] = .array((operation.expectation?.diff ?? []).map(JSON.string))
        object["prepared_at"] = JSON(time: operation.preparedAt)
        object["prepared_at_block"] = JSON(count: operation.verifiedAtBlock)
        object["next"] = .array(commands(operation).map(JSON.string))
        return object
    }

    /// When the commit token stops to be valid, as far as the documents tell.
    static func expiry(_ operation: Operation) -> Timestamp? {
        operation.preparedAt.map { Timestamp(milliseconds: $0.milliseconds + tokenLife) }
    }

    /// The commands that come next, in their order.
    static func commands(_ operation: Operation) -> [String] {
        var commands: [String] = []
        if case .safe? = operation.ownerKind, let owner = operation.owner {
            commands.append("countersign safe propose \(operation.id) --safe \(owner.checksummed)")
        }
        return commands + ["countersign commit \(operation.id) --await-approval \(wait)"]
    }

    private static func call(_ call: ContractCall) -> JSON {
        [
            "to": .string(call.contract.hex), "calldata": .string(Hex.encode(call.calldata)),
            "what": .string(call.summary),
        ]
    }
}
