// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import PhalaCloud
import StrictJSON

/// What the cloud says about CVMs, and changes of one aspect.
struct CvmCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "cvm", abstract: "Read CVMs, and change one aspect of a CVM.",
        subcommands: [
            CvmListCommand.self, CvmGetCommand.self, CvmComposeFileCommand.self, CvmStateCommand.self,
            CvmOsImagesCommand.self, CvmResourcesCommand.self, CvmVisibilityCommand.self,
            CvmPreLaunchScriptCommand.self, CvmOsImageCommand.self, CvmEnvsCommand.self,
            CvmDockerComposeCommand.self, CvmRefreshInstanceIDCommand.self, CvmRefreshInstanceIDsCommand.self,
        ])
}

/// One CVM.
struct CvmGetCommand: ProgramCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show a CVM.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            try await read(work.cloud, work.version)
        }
        return AnswerOutput.show(answer, raw: raw, work.console) {
            CvmFacts(answer).lines(style: work.console.outputStyle)
        }
    }

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.cvmInfo(cvm, as: JSON.self) }
        return try await cloud.cvmInfo(cvm, as: Checked<Version.CvmDetail>.self).json
    }
}

/// The app-compose object of a CVM.
struct CvmComposeFileCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose-file", abstract: "Show the app-compose object of a CVM, which is what is hashed.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try CloudWork(context)
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            try await read(work.cloud, work.version)
        }
        return AnswerOutput.show(answer, work.console)
    }

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else { return try await cloud.composeFile(cvm, as: JSON.self) }
        return .object(try await cloud.composeFile(cvm))
    }
}
