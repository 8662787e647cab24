// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// The app's contract.
struct ContractCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "contract", abstract: "Show and change who owns an app's contract and what it allows.",
        subcommands: [
            ContractOwnerCommand.self, ContractTransferCommand.self, ContractAcceptCommand.self,
            ContractComposeHashesCommand.self, ContractRemoveHashCommand.self,
        ])
}

/// Shows to whom the contract belongs.
struct ContractOwnerCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Show who owns the app's contract, and to whom it is offered.")

    @Argument(help: ArgumentHelp("Id, vm_uuid, app id, instance id or unique name.", valueName: "cvm"))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, _) = try subject.read(words)
        let work = try await ContractWork(reference, context)
        let signer = KeySource(settings: work.connections.settings, console: work.console).statedAddress()
        let block = try await work.inspector.block()
        let standing = try await work.inspector.standing(atBlock: block)
        var kinds: [Address: AccountKind] = [:]
        for account in [standing.owner, standing.pendingOwner].compactMap(\.self) where account != .zero {
            kinds[account] = try await work.inspector.account(account, atBlock: block).kind
        }
        let report = OwnerReport(work: work, standing: standing, block: block, kinds: kinds, signer: signer)
        work.console.event(report.json)
        work.console.result(report.lines(style: work.console.outputStyle))
        return .done
    }
}

/// Lists compose hashes by the contract's log and state.
struct ContractComposeHashesCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose-hashes", abstract: "List the compose hashes that the contract allows or has allowed.",
        discussion: """
            Hashes are found in the contract's log; whether they are allowed is what the contract says now. The log is \
            read from the contract's first block on where the endpoint tells it; the result says from where.
            """)

    @Argument(help: ArgumentHelp("Id, vm_uuid, app id, instance id or unique name.", valueName: "cvm"))
    var words: [String] = []

    @OptionGroup(title: "Contract")
    var subject: ContractSubject

    @OptionGroup(title: "Log")
    var log: LogOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let (reference, _) = try subject.read(words)
        let work = try await ContractWork(reference, context)
        let block = try await work.inspector.block()
        let standing = try await work.inspector.standing(atBlock: block)
        let listing = try await work.inspector.listing(
            of: .composeHashes, known: work.runningHash.map { [$0] } ?? [], from: log.fromBlock, atBlock: block)
        let report = ListingReport(work: work, listing: listing, current: work.runningHash, standing: standing)
        work.console.event(report.json)
        work.console.result(report.lines(style: work.console.outputStyle))
        return .done
    }
}
