// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// The main job: one change of one CVM, through both phases.
struct UpdateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Change a CVM, registering the new compose hash on chain where that is needed.",
        discussion: """
            The change is kept in the store before anything is sent. Whatever happens, 'countersign resume' carries it \
            on, and running the same command again does the same.
            """)

    /// When the command is done.
    enum Goal: String, ExpressibleByArgument, CaseIterable {
        case committed, running
    }

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name.")
    var cvm: String

    @OptionGroup(title: "Fields to change")
    var fields: UpdateFields

    @Flag(name: .customLong("prepare-only"), help: "Prepare, and let somebody else register the hash.")
    var prepareOnly = false

    @Flag(name: .customLong("dry-run"), help: "Only read: tell what would change, be registered and cost.")
    var dryRun = false

    @Option(
        name: .customLong("accept-hash"),
        help: ArgumentHelp("Sign this hash even if it cannot be recomputed.", valueName: "0x…"))
    var acceptHash: String?

    @Flag(name: .customLong("no-onchain"), help: "Refuse if a registration on chain is needed.")
    var noOnChain = false

    @Option(help: ArgumentHelp("When it is done.", valueName: "committed|running"))
    var wait: Goal = .running

    @Flag(help: "Ask nothing on a terminal.")
    var yes = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let patch = try fields.patch()
        let settings = try context.settings()
        let api = try settings.apiURL
        let connections = try Connections(settings)
        // What the command line lacks is said before anything is opened or asked.
        _ = try connections.cloud(at: api)
        let signer = prepareOnly ? nil : try KeySource(settings: settings, console: context.console).signer()
        let intent = Intent(
            cvm: cvm, apiURL: api.text, change: .patch(patch.json), mode: prepareOnly ? .prepareOnly : .register,
            goal: wait == .committed ? .committed : .running, acceptedHash: try acceptedHash(),
            allowsOnChain: !noOnChain, signer: signer?.address, policy: try settings.policy)
        let reporter = ProgressReporter(context.console)
        let options = try settings.runOptions
        if dryRun || mustAsk(context.console) {
            let reader = try connections.engine(
                api: api, store: NoStore(), signer: signer, reporter: reporter)
            let preview = try await reporter.whileTurning { try await reader.preview(intent, options: options) }
            if dryRun { return show(preview, intent, context.console) }
            try ask(preview, intent, context.console)
        }
        let engine = try connections.engine(
            api: api, store: try connections.store(), signer: signer, reporter: reporter)
        let operation = try await engine.begin(intent)
        reporter.begin(operation)
        let finished = try await reporter.whileTurning { try await engine.run(operation.id, options: options) }
        return Self.show(finished, context.console)
    }

    /// Prints an operation that came to where it should.
    static func show(_ operation: Operation, _ console: Console) -> ExitStatus {
        console.event(OperationReport.result(operation))
        console.result(OperationText.result(operation, style: console.outputStyle))
        return .done
    }

    private func mustAsk(_ console: Console) -> Bool { !yes && console.canAsk }

    private func acceptedHash() throws(Stop) -> ComposeHash? {
        try acceptHash.map { text throws(Stop) in try ComposeHash.typed(text, option: "--accept-hash") }
    }

    private func show(_ preview: Preview, _ intent: Intent, _ console: Console) -> ExitStatus {
        console.event(PreviewReport.result(preview, intent))
        console.result(PreviewText.lines(preview, intent, style: console.outputStyle))
        // Without a key everything can be looked at; that it is missing is told, and is no verdict on the update.
        return ExitStatus.worst(of: preview.obstacles.filter { $0.code != .config }.map(\.code.exitStatus))
    }

    private func ask(_ preview: Preview, _ intent: Intent, _ console: Console) throws(Stop) {
        for line in PreviewText.lines(preview, intent, showsObstacles: false, style: console.errorStyle) {
            console.note(line)
        }
        // What would stop the update is said at once, while nothing is sent and nothing stored.
        if let obstacle = preview.obstacles.first { throw Stop(obstacle) }
        guard TerminalPrompt.confirm("Go on?", console: console) else {
            throw Stop(.onChainRefused, "You said no. Nothing was sent and nothing is stored.")
        }
    }
}

extension ComposeHash {
    /// A hash as it is typed.
    static func typed(_ text: String, option: String) throws(Stop) -> ComposeHash {
        do { return try ComposeHash(spelled: text) } catch {
            throw Stop(.usage, "\(option) must be 64 hex digits, with or without 0x: \(error).")
        }
    }
}
