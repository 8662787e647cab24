// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PhalaCloud
import StrictJSON

/// Whether a CVM is in the public directory.
struct CvmVisibilityCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "visibility", abstract: "List a CVM publicly, or take it off the list.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Option(help: ArgumentHelp("Whether it is listed.", valueName: "true|false"))
    var listed: Bool

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let change = CloudChange(
            subject: "the visibility of \(cvm)", lookUp: "countersign cvm get \(CloudChange.quoted(cvm))")
        let answer = try await change.make { () async throws(CloudError) -> JSON in
            try await send(work.cloud, work.version)
        }
        return AnswerOutput.show(answer, raw: raw, work.console) {
            let facts = CvmFacts(answer)
            let state = facts.isListed ?? listed ? "listed publicly" : "not listed"
            return ["\(work.console.outputStyle.tick) \(SafeText.line(facts.name, limit: 100)) is \(state)."]
        }
    }

    private func send<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.updateCvmVisibility(cvm, listed: listed, as: JSON.self) }
        return try await cloud.updateCvmVisibility(
            cvm, listed: listed, as: Checked<CvmVisibilityResult<Version>>.self
        ).json
    }
}
