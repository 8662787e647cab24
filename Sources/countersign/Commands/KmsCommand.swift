// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

/// What the cloud says about key management services.
struct KmsCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "kms", abstract: "Read key management services, and the keys that they sign.",
        subcommands: [
            KmsListCommand.self, KmsGetCommand.self, KmsPubkeyCommand.self, KmsForgetCommand.self,
        ])
}

/// All of them.
struct KmsListCommand: ProgramCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List key management services.")

    @Option(help: "Number of the page, from 1.")
    var page = 1

    @Option(name: .customLong("page-size"), help: "How many on a page, 1 to 100.")
    var pageSize = 20

    @Option(help: ArgumentHelp("Only those on chain, or only the others.", valueName: "true|false"))
    var onchain: Bool?

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
        if !raw { _ = try KmsListResponse(decoding: JSONCursor(answer)) }
        return AnswerOutput.show(answer, work.console)
    }

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        try await cloud.withVersion(version).kmsList(
            page: page, pageSize: pageSize, isOnchain: onchain, as: JSON.self)
    }
}

/// One of them.
struct KmsGetCommand: ProgramCommand {
    static let configuration = CommandConfiguration(commandName: "get", abstract: "Show a key management service.")

    @Argument(help: "Id or slug.")
    var kms: String

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
        if !raw { _ = try KmsInfoLegacy(decoding: JSONCursor(answer)) }
        return AnswerOutput.show(answer, work.console)
    }

    private func read<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        try await cloud.withVersion(version).kms(kms, as: JSON.self)
    }
}

/// Forgets who signs for one.
struct KmsForgetCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget who signs for a KMS, so that another signer can be named.",
        discussion: "Do it only when you know from its operator that the key was replaced.")

    @Argument(help: "Id, as 'kms get' shows it.")
    var kms: String

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let kms = try CloudWork.checked(kms: kms)
        let settings = try context.settings()
        let api = try settings.apiURL
        let store = try Connections(settings).existingStore()
        let wasKnown = try await store?.forget(apiURL: api.text, kmsID: kms) ?? false
        var event = JSONObject()
        event["event"] = "result"
        event["kms_id"] = .string(kms)
        event["forgotten"] = .bool(wasKnown)
        context.console.event(event)
        context.console.result([wasKnown ? "forgotten" : "not known; nothing to forget"])
        return .done
    }
}
