// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import PhalaCloud
import StrictJSON

/// Computes compose hashes, offline.
struct HashCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash", abstract: "Compute the compose hash of an app-compose object.",
        discussion: "The file is JSON as 'countersign cvm compose-file' prints it; - is standard input.")

    /// Which serialisation is hashed.
    enum Form: String, ExpressibleByArgument, CaseIterable {
        case auto
        case dstackSDK = "dstack-sdk"
        case phalaJS = "phala-js"
    }

    @Argument(help: ArgumentHelp("The app-compose object.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Serialisation; auto prints all.", valueName: "auto|dstack-sdk|phala-js"))
    var form: Form = .auto

    @Flag(help: "Drop what the runner does not use first, as dstack-sdk does when asked; phala-js always does.")
    var normalize = false

    @OptionGroup(visibility: .hidden)
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let object = try InputFile.object(file)
        let forms: [ComposeForm] =
            switch form {
            case .auto: [.dstackSDK, .phalaJS]
            case .dstackSDK: [.dstackSDK]
            case .phalaJS: [.phalaJS]
            }
        for form in forms {
            let preparation: ComposePreparation = form == .phalaJS || normalize ? .normalized : .asIs
            let hash = ComposeSerialization(form: form, preparation: preparation).hash(of: object)
            var event = JSONObject.event("result")
            event["compose_hash"] = .string(hash.hex)
            event["form"] = .string(form.rawValue)
            event["preparation"] = .string(preparation.rawValue)
            context.console.event(event)
            context.console.result([forms.count == 1 ? hash.hex : "\(hash.hex)  \(form.rawValue)"])
        }
        if context.console.isVerbose {
            for candidate in ComposeCandidates.of(object) {
                context.console.note("\(candidate.hash.hex)  \(candidate.label)")
            }
        }
        return .done
    }
}
