// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PhalaCloud
import StrictJSON

/// Shows whose API key or token it is.
struct WhoamiCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show user and workspace of the API key or token.")

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let answer = try await read(work.cloud, work.version)
        return AnswerOutput.show(answer, raw: raw, work.console) {
            CloudText.user(answer, style: work.console.outputStyle)
        }
    }

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.currentUser(as: JSON.self) }
        return try await cloud.currentUser(as: Checked<Version.CurrentUser>.self).json
    }
}
