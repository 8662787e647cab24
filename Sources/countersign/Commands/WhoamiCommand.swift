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
        let settings = try context.settings()
        let cloud = try Connections(settings).patientCloud()
        let version = try settings.apiVersion
        guard !raw, version == .v20260121 else {
            return AnswerOutput.show(try await read(cloud, version.type), context.console)
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

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.currentUser(as: JSON.self) }
        return try await cloud.currentUser(as: Checked<Version.CurrentUser>.self).json
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
