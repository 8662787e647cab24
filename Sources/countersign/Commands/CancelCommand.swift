// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator

/// Gives an operation up.
struct CancelCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Give an operation up, as long as nothing can have taken effect.")

    @Argument(help: "Name of an operation.")
    var operation: String

    @Flag(help: "If a transaction may have been sent, replace it by a transfer of 0 to oneself at the same nonce.")
    var replace = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let ids = try OperationWork.ids([operation])
        let work = try OperationWork(context)
        guard let id = ids.first else { return .usage }
        let options = try context.settings().runOptions
        let engine = try work.engine(for: try await work.operation(id), needsKey: false)
        let ended = try await work.reporter.whileTurning {
            try await engine.cancel(id, replace: replace, options: options)
        }
        return UpdateCommand.show(ended, context.console)
    }
}
