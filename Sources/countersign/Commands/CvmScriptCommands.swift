// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator

/// Another pre-launch script, through both phases.
struct CvmPreLaunchScriptCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "pre-launch-script",
        abstract: "Replace the pre-launch script, registering the new compose hash where that is needed.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Argument(help: "The script; - is standard input.")
    var file: String

    @OptionGroup(title: "How")
    var options: UpdateOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try UpdateWork(context, options, kind: .preLaunchScript)
        return try await work.run(.preLaunchScript(try InputFile.text(file)), cvm: cvm)
    }
}

/// Another Docker Compose file, through both phases.
struct CvmDockerComposeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "docker-compose",
        abstract: "Replace the Docker Compose file, registering the new compose hash where that is needed.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Argument(help: "The Docker Compose file; - is standard input.")
    var file: String

    @OptionGroup(title: "How")
    var options: UpdateOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try UpdateWork(context, options, kind: .dockerCompose)
        return try await work.run(.dockerCompose(try InputFile.text(file)), cvm: cvm)
    }
}
