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
        let settings = try context.settings()
        let connections = try Connections(settings)
        let cloud = try connections.patientCloud()
        if raw {
            let answer = try await cloud.envPublicKey(kms: kms, appID: Hex.encodeBare(address.bytes), as: JSON.self)
            return AnswerOutput.show(answer, context.console)
        }
        let verifier = try connections.kmsVerifier(
            at: settings.apiURL, pins: try connections.existingPins(), acceptedSigner: accepted)
        let key = try await verifier.envKey(of: address, kms: try await cloud.kms(kms), isBinding: false)
        if key.trust == .named { try await connections.keep(key.newPin) }
        show(key, context.console)
        return .done
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
