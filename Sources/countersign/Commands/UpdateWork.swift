// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// Carries one change of one CVM out as an operation, or tells what it would do.
struct UpdateWork: Sendable {
    /// The cloud and the chains, for what a change needs before it can be stated.
    let connections: Connections

    private let api: EndpointURL
    private let options: UpdateOptions
    private let console: Console

    /// Says what the command line lacks, before anything is opened, asked or sent.
    init(_ context: Context, _ options: UpdateOptions, kind: Operation.Kind) throws(Stop) {
        guard !options.prepareOnly || kind.knowsPrepareOnly else {
            throw Stop(
                .usage,
                "Only 'countersign update' can be prepared for somebody else's signature: the service gives no commit "
                    + "token for this change. Nothing was sent.",
                hint: "Make the change with 'countersign update --prepare-only', or leave --prepare-only away.")
        }
        let settings = try context.settings()
        api = try settings.apiURL
        connections = try Connections(settings)
        self.options = options
        console = context.console
        _ = try options.acceptedHash()
        _ = try connections.cloud(at: api)
    }

    /// Encrypts an environment for the CVM, before there is an operation; nothing is stored yet.
    func seal(
        _ variables: EnvVariables, _ options: EnvFileOptions, for cvm: String
    ) async throws -> SealedEnvironment {
        let cvm = try CloudWork.checked(cvm: cvm)
        let verifier = try connections.kmsVerifier(
            at: api, pins: try connections.existingPins(),
            acceptedSigner: try KmsSignerOption.key(options.acceptKmsSigner))
        return try await EnvEncryptor(verifier).seal(variables, for: cvm)
    }

    /// Carries the change out.
    ///
    /// - Parameter sealed: the environment in it, if it was encrypted here.
    func run(_ change: Change, cvm: String, sealed: SealedEnvironment? = nil) async throws -> ExitStatus {
        let cvm = try CloudWork.checked(cvm: cvm)
        let settings = connections.settings
        let signer = options.prepareOnly ? nil : try KeySource(settings: settings, console: console).signer()
        let intent = Intent(
            cvm: cvm, apiURL: api.text, change: change, mode: options.prepareOnly ? .prepareOnly : .register,
            goal: options.wait == .committed ? .committed : .running, acceptedHash: try options.acceptedHash(),
            allowsOnChain: !options.noOnChain, signer: signer?.address, policy: try settings.policy,
            environmentTag: signer.flatMap { sealed?.tag(by: $0) })
        let reporter = ProgressReporter(console)
        let runOptions = try settings.runOptions(for: intent)
        if options.dryRun || mustAsk {
            let reader = try connections.engine(api: api, store: NoStore(), signer: signer, reporter: reporter)
            let preview = try await reporter.whileTurning { try await reader.preview(intent, options: runOptions) }
            if options.dryRun { return show(preview, intent) }
            try ask(preview, intent)
        }
        try await connections.keep(sealed?.newPin)
        let engine = try connections.engine(
            api: api, store: try connections.store(), signer: signer, reporter: reporter)
        let operation = try await engine.begin(intent)
        reporter.begin(operation)
        let finished = try await reporter.whileTurning { try await engine.run(operation.id, options: runOptions) }
        return UpdateCommand.show(finished, console, hidesToken: options.withoutToken)
    }

    private var mustAsk: Bool { !options.yes && console.canAsk }

    private func show(_ preview: Preview, _ intent: Intent) -> ExitStatus {
        console.event(PreviewReport.result(preview, intent))
        console.result(PreviewText.lines(preview, intent, style: console.outputStyle))
        // Without a key everything can be looked at; that it is missing is told, and is no verdict on the update.
        return ExitStatus.worst(of: preview.obstacles.filter { $0.code != .config }.map(\.code.exitStatus))
    }

    private func ask(_ preview: Preview, _ intent: Intent) throws(Stop) {
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
