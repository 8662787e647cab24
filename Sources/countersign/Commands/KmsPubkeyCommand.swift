// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// The key that an app's environment is encrypted for.
struct KmsPubkeyCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "pubkey",
        abstract: "Show the key that an app's environment is encrypted for, its signature verified.",
        discussion: """
            The signer is compared with the KMS contract where the KMS is on chain and an endpoint is named, with the \
            signer that is known since earlier, or with --accept-kms-signer, which is kept for later.
            """)

    @Argument(help: "Id or slug of the KMS.")
    var kms: String

    @Argument(help: "App id, 40 hex digits.")
    var app: String

    @Option(
        name: .customLong("accept-kms-signer"),
        help: ArgumentHelp("Public key that the KMS signs with.", valueName: "0x…"))
    var acceptKmsSigner: String?

    @Flag(help: "Print the answer without checking anything.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let accepted = try KmsSignerOption.key(acceptKmsSigner)
        guard let address = AppIdentifier.address(spelled: app) else {
            throw Stop(.usage, "An app id is 40 hex digits, with or without 0x or app_.")
        }
        let work = try CloudWork(context)
        if raw {
            let answer = try await CloudWork.asking { () async throws(CloudError) -> JSON in
                try await read(address, work.cloud, work.version)
            }
            return AnswerOutput.show(answer, work.console)
        }
        let info = try await CloudWork.asking { () async throws(CloudError) -> KmsInfoLegacy in
            try await look(work.cloud, work.version)
        }
        let settings = try context.settings()
        let connections = try Connections(settings)
        let verifier = try connections.kmsVerifier(
            at: settings.apiURL, pins: try connections.existingPins(), acceptedSigner: accepted)
        let key = try await verifier.envKey(of: address, kms: info, isBinding: false, version: work.version)
        if key.trust == .named { try await connections.keep(key.newPin) }
        show(key, context.console)
        return .done
    }

    private func read<Version: APIVersion>(
        _ app: Address, _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> JSON {
        try await cloud.withVersion(version).envPublicKey(
            kms: kms, appID: Hex.encodeBare(app.bytes), as: JSON.self)
    }

    private func look<Version: APIVersion>(
        _ cloud: PhalaCloudClient<V20260121>, _ version: Version.Type
    ) async throws(CloudError) -> KmsInfoLegacy {
        try await cloud.withVersion(version).kms(kms)
    }

    private func show(_ key: VerifiedEnvKey, _ console: Console) {
        var event = JSONObject.data(.object(key.answer.json))
        event["kms_id"] = .string(key.kmsID)
        event["public_key"] = .string(key.publicKey.hex)
        event["signer"] = .string("\(key.signer)")
        event["signed_at"] = key.timestamp.map { .number(JSONNumber($0)) } ?? .null
        event["verified_by"] = .string(key.trust.rawValue)
        console.event(event)
        let style = console.outputStyle
        console.result([
            OperationText.field("public key", key.publicKey.hex, style: style),
            OperationText.field("signer", "\(key.signer)", style: style),
            OperationText.field("verified by", key.trust.words, style: style),
        ])
        if key.trust == .none {
            console.note(
                "The signature is well-formed; whether its signer is the KMS was compared with nothing. Name an endpoint of "
                    + "its chain with --rpc-url, or the signer with --accept-kms-signer.")
        }
    }
}

extension VerifiedEnvKey.Trust {
    fileprivate var words: String {
        switch self {
        case .contract: "the KMS contract"
        case .pin: "what is known since earlier"
        case .named: "--accept-kms-signer"
        case .none: "nobody"
        }
    }
}
