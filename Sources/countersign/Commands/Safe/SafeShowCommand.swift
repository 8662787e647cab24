// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx

/// Shows what the owners of a Safe are asked to sign, offline.
struct SafeShowCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a Safe's transaction and who has signed it, offline.",
        discussion: "Of several copies the signatures are brought together.")

    @Argument(help: "Files of 'countersign safe propose'; - is standard input.")
    var files: [String]

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let proposal = try SafeFile.merged(files)
        context.console.event(SafeReport.result(proposal))
        context.console.result(SafeProposalText.lines(proposal, style: context.console.outputStyle))
        return .done
    }
}
