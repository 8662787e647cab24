// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// The contract that makes several calls in one, where it is not one of the published ones.
struct MultiSendOption: ParsableArguments {
    @Option(
        name: .customLong("multi-send"),
        help: ArgumentHelp(
            "Contract MultiSendCallOnly, if it is not a published one: its code runs as the Safe.", valueName: "0x…"))
    var multiSend: String?

    /// The address that was named.
    func address() throws(Stop) -> Address? {
        try multiSend.map { text throws(Stop) in try Address.typed(text, option: "--multi-send") }
    }

    /// Refuses a batch that would run the code of a contract that nobody here knows.
    func refuseUnknown(in proposal: SafeProposal) throws(Stop) {
        guard let contract = proposal.batchContract, !MultiSendDeployment.knownAddresses.contains(contract) else {
            return
        }
        guard try address() == contract else {
            throw Stop(
                .unsupportedSafe,
                "The batch would run the code at \(contract.checksummed) as the Safe, and that is none of the published "
                    + "contracts MultiSendCallOnly. Nothing was signed or sent.",
                hint: "If you know that contract, name it with --multi-send \(contract.checksummed).")
        }
    }
}

extension Address {
    /// An address as it is typed.
    static func typed(_ text: String, option: String) throws(Stop) -> Address {
        do { return try Address(hex: text) } catch { throw Stop(.usage, "\(option) must be an address: \(error).") }
    }
}
