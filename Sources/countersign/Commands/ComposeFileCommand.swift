// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import PhalaCloud
import StrictJSON

/// The whole app-compose object of a CVM: provisioned first, committed afterwards.
struct ComposeFileCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "compose-file", abstract: "Replace the app-compose object of a CVM.",
        subcommands: [
            ComposeFileUpdateCommand.self, ComposeFileProvisionCommand.self, ComposeFileCommitCommand.self,
        ])
}

/// Provision, verify, register and commit as one operation.
struct ComposeFileUpdateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Provision, verify, register and commit an app-compose object as one operation.",
        discussion: """
            The object is the whole of what the CVM gets; 'countersign cvm compose-file' shows the present one. \
            'countersign resume' carries the operation on, whatever happens.
            """)

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Argument(help: "The app-compose object as JSON; - is standard input.")
    var file: String

    @Option(
        name: .customLong("encrypted-env"),
        help: ArgumentHelp("Encrypted environment in hex, or @FILE.", valueName: "hex|@file"))
    var encryptedEnv: String?

    @OptionGroup(title: "Environment")
    var envFile: EnvFileOptions

    @OptionGroup(title: "How")
    var options: UpdateOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let work = try UpdateWork(context, options, kind: .composeFile)
        var object = try InputFile.object(file)
        guard object["update_env_vars"] == nil else {
            throw Stop(
                .badInput, "update_env_vars is not a part of the app-compose object.",
                hint: "Leave it away: the object's allowed_envs are always taken over.")
        }
        if let variables = try envFile.variables(context.console) {
            guard encryptedEnv == nil else {
                throw Stop(.usage, "--env-file and --encrypted-env exclude each other.")
            }
            // Names that the object does not give are the file's.
            if object["allowed_envs"] == nil { object["allowed_envs"] = .array(variables.names.map(JSON.string)) }
            let keys = try Self.allowedEnvs(object)
            let sealed = try await work.seal(variables, envFile, for: cvm)
            let environment = EncryptedEnvironment(encrypted: sealed.environment.encrypted, keys: keys)
            return try await work.run(.composeFile(object, environment), cvm: cvm, sealed: sealed)
        }
        var environment: EncryptedEnvironment?
        if let encryptedEnv {
            environment = EncryptedEnvironment(
                encrypted: try EncryptedEnvironment.hex(encryptedEnv), keys: try Self.allowedEnvs(object))
        }
        return try await work.run(.composeFile(object, environment), cvm: cvm)
    }

    /// The names that the object allows.
    private static func allowedEnvs(_ object: JSONObject) throws(Stop) -> [String]? {
        guard let listed = object["allowed_envs"], !listed.isNull else { return nil }
        let names = listed.array?.compactMap(\.string)
        guard let names, names.count == listed.array?.count else {
            throw Stop(.badInput, "allowed_envs of the app-compose object is no list of names.")
        }
        return names
    }
}
