// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PhalaCloud
import StrictJSON

/// Shows whose API key it is.
struct WhoamiCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show user and workspace of the API key.")

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let cloud = try Connections(try context.settings()).patientCloud()
        if raw || cloud.version != .v20260121 {
            return AnswerOutput.show(try await cloud.currentUser(as: JSON.self), context.console)
        }
        let answer = try await cloud.currentUser()
        context.console.event(.data(.object(answer.json)))
        let style = context.console.outputStyle
        context.console.result([
            OperationText.field("user", "\(answer.user.username) <\(answer.user.email)>", style: style),
            OperationText.field("workspace", "\(answer.workspace.name), \(answer.workspace.role)", style: style),
        ])
        return .done
    }
}

/// Answers of the cloud that are printed as they are.
enum AnswerOutput {
    /// Prints an answer: an event for programs, indented JSON for people.
    static func show(_ answer: JSON, _ console: Console) -> ExitStatus {
        console.event(.data(answer))
        console.result([SafeText.indentedJSON(answer)])
        return .done
    }
}
