// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator

/// The devices on which an app may run.
struct DeviceCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "device", abstract: "Show and change the devices on which an app may boot.",
        subcommands: [
            DeviceListCommand.self, DeviceAddCommand.self, DeviceRemoveCommand.self, DeviceAllowAnyCommand.self,
        ])
}

/// Lists devices by the contract's log and state.
struct DeviceListCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the devices that the app's contract allows or has allowed.",
        discussion: """
            Devices are found in the contract's log; whether they are allowed is what the contract says now. The log is \
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
            of: .devices, known: work.device.map { [$0] } ?? [], from: log.fromBlock, atBlock: block)
        let report = ListingReport(work: work, listing: listing, current: work.device, standing: standing)
        work.console.event(report.json)
        work.console.result(report.lines(style: work.console.outputStyle))
        return .done
    }
}

/// Where a search of the log begins.
struct LogOptions: ParsableArguments {
    @Option(
        name: .customLong("from-block"),
        help: ArgumentHelp("Read the log from this block on, not from the contract's first one.", valueName: "number"))
    var fromBlock: UInt64?
}
