// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The root of all commands.
struct Countersign: ParsableCommand, SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract: "Updates confidential VMs on Phala Cloud through both phases, and survives everything in between.",
        discussion: """
            Exit codes: 0 done, 64 usage, 65 bad data, 69 refused by a service, 75 not finished (run 'countersign \
            resume'), 77 refused by policy, 78 configuration, 1 internal error.
            """,
        version: ProgramVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Updates",
                subcommands: [
                    UpdateCommand.self, ReplicaCommand.self, ResumeCommand.self, CommitCommand.self, CancelCommand.self,
                    StatusCommand.self, ExportCommand.self, ImportCommand.self,
                ]),
            CommandGroup(
                name: "Cloud",
                subcommands: [WhoamiCommand.self, CvmCommand.self, ComposeFileCommand.self, KmsCommand.self]),
            CommandGroup(name: "Contract", subcommands: [ContractCommand.self, DeviceCommand.self, SafeCommand.self]),
            CommandGroup(name: "Offline", subcommands: [HashCommand.self, KeyCommand.self, TxCommand.self]),
            CommandGroup(name: "Checks", subcommands: [DoctorCommand.self, SelfTestCommand.self]),
        ])
}
