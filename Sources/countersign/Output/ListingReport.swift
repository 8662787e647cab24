// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// The compose hashes or devices of a contract, as programs and people read them.
struct ListingReport {
    let work: ContractWork
    let listing: AllowanceListing

    /// The hash that the CVM runs, or its device.
    let current: Bytes32?

    let standing: AppStanding

    private var names: (list: String, one: String, current: String, note: String) {
        switch listing.kind {
        case .composeHashes: ("compose_hashes", "compose_hash", "running", "the CVM runs it")
        case .devices: ("devices", "device_id", "current", "the CVM is on it")
        }
    }

    /// The result for programs.
    var json: JSONObject {
        var object = JSONObject.event("result")
        for member in ContractReport.head(work, block: listing.block).members { object[member.key] = member.value }
        switch listing.kind {
        case .devices: object["allow_any_device"] = standing.allowsAnyDevice.map(JSON.bool) ?? .null
        case .composeHashes: object["running_hash"] = JSON(text: current?.hex)
        }
        object[names.list] = .array(listing.records.map { .object(record($0)) })
        object["contradictions"] = .array(listing.contradictions.map { .string($0.word.hex) })
        object["log"] = [
            "from_block": JSON(count: listing.firstBlock), "to_block": JSON(count: listing.block),
            "start": .string(listing.start.word), "since_creation": .bool(listing.isSinceCreation),
        ]
        return object
    }

    private func record(_ record: AllowanceRecord) -> JSONObject {
        var object = JSONObject()
        object[names.one] = .string(record.word.hex)
        object["allowed"] = .bool(record.isAllowed)
        object[names.current] = work.cvm == nil ? .null : .bool(record.word == current)
        object["events"] = .array(
            record.events.map { entry in
                [
                    "event": .string(word(entry)), "block_number": JSON(count: entry.blockNumber),
                    "transaction_hash": .string(entry.transactionHash.hex), "log_index": JSON(count: entry.logIndex),
                ]
            })
        return object
    }

    /// The result for people.
    func lines(style: Style) -> [String] {
        var lines = [ContractReport.headline(work, style: style)]
        if listing.kind == .devices { lines.append(OperationText.field("any device", anyDevice, style: style)) }
        for record in listing.records {
            let sign = record.isAllowed ? style.tick : style.dash
            let note = record.word == current ? ", " + style.strong(names.note) : ""
            lines.append("\(sign) \(record.word.hex) \(record.isAllowed ? "allowed" : "not allowed")\(note)")
            for entry in record.events {
                lines.append(
                    style.faint("    \(word(entry)) in block \(entry.blockNumber) by \(entry.transactionHash)"))
            }
            if record.events.isEmpty { lines.append(style.faint("    no event in the log that was read")) }
        }
        if listing.records.isEmpty { lines.append("None is known.") }
        for record in listing.contradictions {
            lines.append(
                "\(style.mark) The log and the contract do not fit together about \(record.word.hex); the contract's word "
                    + "is what counts.")
        }
        lines.append(style.faint(source))
        return lines
    }

    private var anyDevice: String {
        switch standing.allowsAnyDevice {
        case true?: "allowed: the list below does not matter while it is so"
        case false?: "not allowed: only those below"
        case nil: "the contract does not say"
        }
    }

    /// What the list is made from.
    private var source: String {
        let range = "By the log of blocks \(listing.firstBlock) to \(listing.block)"
        switch listing.start {
        case .creation: return range + ", from the contract's creation on."
        case .genesis: return range + ", from the chain's beginning on."
        case .named: return range + "; what came before was not looked at."
        case .window:
            return range + ": the endpoint does not tell when the contract was created, so what came before is not "
                + "known. Give --from-block, or an --rpc-url with the whole history."
        }
    }

    private func word(_ entry: AppLogEntry) -> String {
        switch entry.event {
        case .composeHashAdded, .deviceAdded: "added"
        case .composeHashRemoved, .deviceRemoved: "removed"
        case .allowAnyDeviceSet, .ownershipTransferStarted, .ownershipTransferred: "other"
        }
    }
}

extension AllowanceListing.Start {
    /// The word for programs.
    fileprivate var word: String {
        switch self {
        case .creation: "creation"
        case .genesis: "genesis"
        case .named: "named"
        case .window: "window"
        }
    }
}
