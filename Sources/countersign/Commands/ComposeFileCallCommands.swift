// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// The first call of the pair: nothing changes on the CVM.
struct ComposeFileProvisionCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "provision", abstract: "Hand an app-compose object over and get its hash; one call, no operation.")

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Argument(help: "The app-compose object as JSON; - is standard input.")
    var file: String

    @Option(
        name: .customLong("update-env-vars"),
        help: ArgumentHelp("Whether the object's allowed_envs are taken over.", valueName: "true|false"))
    var updateEnvVars: Bool?

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let object = try InputFile.object(file)
        let work = try CloudWork(context)
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            try await send(object, work.cloud, work.version)
        }
        return AnswerOutput.show(answer, work.console)
    }

    private func send<Version: APIVersion>(
        _ object: JSONObject, _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        guard !raw else {
            return try await cloud.provisionCvmComposeFileUpdate(
                cvm, appCompose: object, updateEnvVars: updateEnvVars, as: JSON.self)
        }
        return .object(
            try await cloud.provisionCvmComposeFileUpdate(cvm, appCompose: object, updateEnvVars: updateEnvVars).json)
    }
}

/// The second call of the pair: the CVM restarts with what was provisioned.
struct ComposeFileCommitCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Put a provisioned app-compose object into effect; one call, no operation.",
        discussion: """
            The call is sent once. If its answer is lost, look at the CVM before it is sent again; 'countersign \
            compose-file update' does all of that by itself.
            """)

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @Option(
        name: .customLong("compose-hash"),
        help: ArgumentHelp("The hash that 'compose-file provision' answered.", valueName: "0x…"))
    var composeHash: String

    @Option(
        name: .customLong("transaction-hash"),
        help: ArgumentHelp("The registering transaction.", valueName: "0x…|already-registered"))
    var transactionHash: String?

    @Option(
        name: .customLong("encrypted-env"),
        help: ArgumentHelp("Encrypted environment in hex, or @FILE.", valueName: "hex|@file"))
    var encryptedEnv: String?

    @Option(
        name: .customLong("env-key"),
        help: ArgumentHelp("Environment variable that may be set; repeat it.", valueName: "name"))
    var envKeys: [String] = []

    @Flag(help: "Print the answer without checking its shape.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        _ = try ComposeHash.typed(composeHash, option: "--compose-hash")
        let proof = try transactionHash.map { text throws(Stop) in try TransactionProof.typed(text) }
        let environment = try encryptedEnv.map { text throws(Stop) in try EncryptedEnvironment.hex(text) }
        let work = try CloudWork(context, repeats: false)
        let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
            try await send(environment, proof, work.cloud, work.version)
        }
        return AnswerOutput.show(answer, work.console)
    }

    private func send<Version: APIVersion>(
        _ environment: String?, _ proof: TransactionProof?, _ cloud: PhalaCloudClient<V20260121>,
        _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        let cloud = cloud.withVersion(version)
        let names = envKeys.isEmpty ? nil : envKeys
        guard !raw else {
            return try await cloud.commitCvmComposeFileUpdate(
                cvm, composeHash: composeHash, encryptedEnv: environment, envKeys: names, proof: proof, as: JSON.self)
        }
        return .object(
            try await cloud.commitCvmComposeFileUpdate(
                cvm, composeHash: composeHash, encryptedEnv: environment, envKeys: names, proof: proof
            ).json)
    }
}
