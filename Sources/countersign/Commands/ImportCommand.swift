// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import HTTPTransport
import Orchestrator
import StrictJSON

/// Takes an exported operation over.
struct ImportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Go on with an operation that was exported on another machine.",
        discussion: """
            The operation awaits approval as before; 'countersign commit' finishes it, without a key. It is never signed \
            here. The same file imported again changes nothing.
            """)

    @Argument(help: ArgumentHelp("The file; - is standard input.", valueName: "file"))
    var file: String

    // A token may begin with a hyphen.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The commit token, where the file came without.", valueName: "token"))
    var token: String?

    @Flag(name: .customLong("without-token"), help: "Keep the commit token in the store, and do not print it.")
    var withoutToken = false

    @Flag(help: "Only show what the file holds.")
    var show = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let bytes = try InputFile.bytes(file, limit: PortableDocument.sizeLimit)
        let document: PortableDocument
        do {
            document = try PortableDocument(parsing: bytes)
        } catch {
            throw Stop(error.failure)
        }
        if show { return tell(document, context.console) }
        let settings = try context.settings()
        if let operation = document.operation { try checkCloud(operation, settings) }
        let connections = try Connections(settings)
        let reporter = ProgressReporter(context.console)
        let engine = try connections.engine(
            api: try settings.apiURL, store: try connections.store(), signer: nil, reporter: reporter, needsKey: false)
        let operation = try await engine.adopt(document, token: token, options: try settings.runOptions)
        var object = OperationReport.result(operation, hidesToken: withoutToken)
        object["imported"] = true
        object["hop"] = JSON(count: UInt64(clamping: operation.hop))
        context.console.event(object)
        context.console.result(
            OperationText.result(operation, hidesToken: withoutToken, style: context.console.outputStyle))
        return .done
    }

    /// The file decides where the API key would be sent, so only the operator's own settings may name another place.
    private func checkCloud(_ operation: Operation, _ settings: Settings) throws(Stop) {
        let here = try settings.apiURL
        guard operation.intent.apiURL != here.text else { return }
        let there: String
        do { there = try EndpointURL(operation.intent.apiURL).origin } catch { there = "a URL that is not usable" }
        throw Stop(
            .config,
            "The operation was begun at \(there), with the API's address \(SafeText.line(operation.intent.apiURL)); this "
                + "machine is set to \(here.text). Nothing was imported, since the API key goes there.",
            hint: "If you trust the file, give that address with --api-url.", operation: operation.id)
    }

    private func tell(_ document: PortableDocument, _ console: Console) -> ExitStatus {
        var object = JSONObject.event("result")
        let details =
            switch document.content {
            case .operation(let operation): OperationReport.details(operation)
            case .record(let record): record
            }
        for member in details.members where member.key != "event" { object[member.key] = member.value }
        object["continues"] = .bool(document.operation != nil)
        object["history"] = .array(document.history.map(OperationReport.history))
        console.event(object)
        if let operation = document.operation {
            console.result(StatusText.details(operation, document.history, style: console.outputStyle))
        } else {
            object["event"] = nil
            console.result([SafeText.indentedJSON(.object(object))])
        }
        return .done
    }
}
