// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import StrictJSON

/// Writes an operation to a file: one that awaits approval goes on elsewhere, any other is a record.
struct ExportCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an operation to a file, to go on on another machine.",
        discussion: """
            An operation that awaits approval is marked as moved, and goes on where the file is imported and nowhere \
            else; exported again, it gives the same file again. Of any other operation the file is a record to read. \
            The file holds no key; its one secret is the commit token.
            """)

    @Argument(help: "Name of an operation; without one, the only one that awaits approval.")
    var operation: String?

    @Option(
        name: [.customShort("o"), .long], help: ArgumentHelp("The file; standard output without.", valueName: "file"))
    var output: String?

    @Flag(name: .customLong("without-token"), help: "Leave the commit token out; 'commit' then needs it as --token.")
    var withoutToken = false

    @Flag(help: "Write a record in any case; the operation goes on here.")
    var record = false

    @Flag(help: "Write over a file that is there.")
    var force = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        try OperationWork.check(name: operation, context)
        let work = try OperationWork(context, needsSigner: false)
        let known = try await work.operation(named: operation)
        let engine = try work.engine(for: known, needsKey: false)
        let options = try work.connections.settings.runOptions
        let file = try output.map { path throws(Stop) in try PrivateFile(path, overwrites: force) }
        let document: PortableDocument
        do {
            document = try await engine.export(
                known.id, withToken: !withoutToken, asRecord: record, options: options,
                describe: OperationReport.details)
        } catch {
            file?.discard()
            throw error
        }
        let now = try await work.operation(known.id)
        if let output, let fault = file?.finish(document.text) {
            throw Stop(
                .badInput,
                "\(output): \(fault)."
                    + (document.operation == nil ? "" : " The operation is marked as moved already."),
                hint: "Run the export again, to the same or another file: it writes the same document.",
                operation: known.id, phase: now.phase)
        }
        show(document, now, context.console)
        return .done
    }

    private func show(_ document: PortableDocument, _ operation: Operation, _ console: Console) {
        var object = JSONObject.event("result")
        for member in OperationReport.summary(operation).members { object[member.key] = member.value }
        object["continues"] = .bool(document.operation != nil)
        object["hop"] = JSON(count: document.operation.map { UInt64(clamping: $0.hop) })
        object["has_token"] = .bool(document.operation?.preparation?.commitToken != nil)
        object["file"] = JSON(text: output)
        if output == nil { object["document"] = .object(document.json) }
        console.event(object)
        guard !console.isJSON else { return }
        if output == nil { console.result(document.text.split(separator: "\n").map(String.init)) }
        let style = console.errorStyle
        guard let moved = document.operation else {
            return console.note("\(style.tick) A record of \(operation.id), to be read only.")
        }
        console.note("\(style.tick) \(operation.id) goes on where this is imported, and nowhere else.")
        if moved.preparation?.commitToken != nil {
            console.note("  It holds the commit token: whoever has the file can commit the update once it is approved.")
        }
        console.note("  \(style.arrow) countersign import \(SafeText.line(output ?? "FILE"))")
    }
}
