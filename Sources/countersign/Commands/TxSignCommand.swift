// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON

/// Signs a transaction, offline.
struct TxSignCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a transaction, offline.",
        discussion: """
            The file is an object of chainId, nonce, maxPriorityFeePerGas, maxFeePerGas, gas, to, value, data and, \
            if there is one, accessList. Numbers are numbers, decimal text or 0x quantities; to is null to create a \
            contract. With gasPrice instead of the two fees it is a legacy transaction, or one of EIP-2930.
            """)

    @Option(name: .customLong("from-json"), help: ArgumentHelp("The transaction.", valueName: "file"))
    var fromJSON: String

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let document = try TransactionDocument(try InputFile.json(fromJSON), path: fromJSON)
        if let violation = TransactionRules().violations(in: document.transaction).first {
            throw Stop(.badInput, "\(fromJSON): no node would take it: \(violation). Nothing was signed.")
        }
        let keys = KeySource(settings: try context.settings(), console: context.console)
        let signer = try keys.requiredSigner()
        if let from = document.from, from != signer.address {
            throw Stop(
                .signerMismatch,
                "\(fromJSON) is from \(from.checksummed), the key is of \(signer.address.checksummed). Nothing was signed.",
                hint: "Give the key of that account.")
        }
        let signed: SignedTransaction
        do { signed = try await signer.sign(document.transaction) } catch {
            throw Stop(.internalError, "Nothing was signed: \(error).")
        }
        var event = JSONObject.event("result")
        event["raw"] = .string(Hex.encode(signed.raw))
        event["hash"] = .string(signed.hash.hex)
        event["from"] = .string(signer.address.hex)
        context.console.event(event)
        context.console.result([Hex.encode(signed.raw)])
        if !context.console.isJSON { context.console.note("\(signed.hash) from \(signer.address.checksummed)") }
        return .done
    }
}
