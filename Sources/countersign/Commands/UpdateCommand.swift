// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud

/// The main job: one change of one CVM, through both phases.
struct UpdateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a CVM, registering the new compose hash on chain where that is needed.",
        discussion: """
            The change is kept in the store before anything is sent. Whatever happens, 'countersign resume' carries it \
            on, and running the same command again does the same.
            """)

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @OptionGroup(title: "Fields to change")
    var fields: UpdateFields

    @OptionGroup(title: "Environment")
    var environment: EnvFileOptions

    @OptionGroup(title: "How")
    var options: UpdateOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let variables = try environment.variables(context.console)
        var patch = try fields.patch(environmentNames: variables?.names)
        let work = try UpdateWork(context, options, kind: .patch)
        guard let variables else { return try await work.run(.patch(patch.json), cvm: cvm) }
        let sealed = try await work.seal(variables, environment, for: cvm)
        patch.encryptedEnv = .value(sealed.environment.encrypted)
        return try await work.run(.patch(patch.json), cvm: cvm, sealed: sealed)
    }

    /// Prints an operation that came to where it should.
    ///
    /// - Parameter hidesToken: whether the commit token stays in the store, for output that others read.
    static func show(_ operation: Operation, _ console: Console, hidesToken: Bool = false) -> ExitStatus {
        console.event(OperationReport.result(operation, hidesToken: hidesToken))
        console.result(OperationText.result(operation, hidesToken: hidesToken, style: console.outputStyle))
        return .done
    }
}
