// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import PhalaCloud

/// Withdraws a compose hash.
struct ContractRemoveHashCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-compose-hash",
        abstract: "Withdraw a compose hash, so that nothing boots with it any more.",
        usage: "countersign contract remove-compose-hash <cvm> <hash> [options]\n"
            + "countersign contract remove-compose-hash --app <0x…> --rpc-url <url> <hash> [options]",
        discussion: """
            Refused while a CVM of the app has the hash, as far as the API key sees CVMs, or while an unfinished \
            operation of the store is about it.
            """)

    @Argument(help: ArgumentHelp("The CVM, unless --app names the contract, and the hash: 64 hex digits."))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "The hash again: withdraw it although it is in use, or although nobody can tell.", valueName: "0x…"))
    var force: String?

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "How")
    var options: ContractCallOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, values) = try subject.read(words, values: ["the hash"])
        let hash = try ComposeHash.typed(values.first ?? "", option: "The hash")
        let again = try force.map { text throws(Stop) in try ComposeHash.typed(text, option: "--force") }
        guard again == nil || again == hash else {
            throw Stop(.usage, "--force must be the very hash that is to be withdrawn. Nothing was sent.")
        }
        let settings = try context.settings()
        let call = try await ContractCallWork(reference, context, options)
        let canLook = try settings.credential != nil
        let obstacle = Stop(
            .config,
            "Without an API key nobody can tell whether a CVM still has the hash \(hash). Nothing was signed.",
            hint: "Set PHALA_CLOUD_API_KEY; or, if you know that nothing needs it, type it again: --force \(hash)")
        return try await call.run(
            .removeComposeHash(hash.bytes32), accepted: again, obstacle: canLook || again != nil ? nil : obstacle)
    }
}
