// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud

/// Another environment, through both phases where the names change.
struct CvmEnvsCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "envs",
        abstract: "Replace the environment, registering the new compose hash where the allowed names change.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Option(
        name: .customLong("encrypted-env"),
        help: ArgumentHelp("Encrypted environment in hex, or @FILE.", valueName: "hex|@file"))
    var encryptedEnv: String?

    @Option(
        name: .customLong("env-key"),
        help: ArgumentHelp("Environment variable that may be set; repeat it.", valueName: "name"))
    var envKeys: [String] = []

    @OptionGroup(title: "Environment")
    var file: EnvFileOptions

    @OptionGroup(title: "How")
    var options: UpdateOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try UpdateWork(context, options, kind: .envs)
        let keys = envKeys.isEmpty ? nil : envKeys
        if let variables = try file.variables(context.console) {
            guard encryptedEnv == nil else {
                throw Stop(.usage, "--env-file and --encrypted-env exclude each other.")
            }
            let sealed = try await work.seal(variables, file, for: cvm)
            let environment = EncryptedEnvironment(
                encrypted: sealed.environment.encrypted, keys: keys ?? variables.names)
            return try await work.run(.envs(environment), cvm: cvm, sealed: sealed)
        }
        guard let encryptedEnv else {
            throw Stop(.usage, "There is no environment to set.", hint: "Give --env-file or --encrypted-env.")
        }
        let environment = EncryptedEnvironment(
            encrypted: try EncryptedEnvironment.hex(encryptedEnv), keys: keys)
        return try await work.run(.envs(environment), cvm: cvm)
    }
}

extension EncryptedEnvironment {
    /// The hex digits of an option, or of the file that it names with `@`.
    static func hex(_ text: String) throws(Stop) -> String {
        let digits = try InputFile.hex(text)
        var patch = CvmPatch()
        patch.encryptedEnv = .value(digits)
        do { try patch.validate() } catch {
            throw Stop(.usage, "--encrypted-env cannot be sent: \(error).")
        }
        return digits
    }
}
