// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// More machines like a CVM.
struct ReplicaCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "replica", abstract: "Make another machine like a CVM.", subcommands: [ReplicaCreateCommand.self])
}

/// Makes a replica, registering its device and its hash as needed.
struct ReplicaCreateCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a replica, registering its device and compose hash as needed.",
        discussion: """
            A device that the app's contract does not allow yet is a grant of its own: it is registered only if it is \
            named by --accept-device, or accepted on the terminal.
            """)

    @Argument(help: "Id, vm_uuid, app id, instance id or unique name of the CVM that is replicated.")
    var cvm: String

    @Option(help: ArgumentHelp("The CVM's app, to be sure.", valueName: "app-id"))
    var app: String?

    @Option(name: .customLong("node-id"), help: ArgumentHelp("Node that the replica runs on.", valueName: "n"))
    var nodeID: Int?

    @Option(
        name: .customLong("compose-hash"),
        help: ArgumentHelp("Compose hash that the replica runs, accepted as given; the CVM's own.", valueName: "0x…"))
    var composeHash: String?

    @Option(
        name: .customLong("accept-device"),
        help: ArgumentHelp("Device that may be allowed for the replica.", valueName: "0x…"))
    var acceptDevice: String?

    @Flag(name: .customLong("prepare-only"), help: "Prepare, and let somebody else register device and hash.")
    var prepareOnly = false

    @Option(help: ArgumentHelp("When it is done.", valueName: "committed|running"))
    var wait: UpdateOptions.Goal = .running

    @OptionGroup(title: "Environment")
    var environment: EnvFileOptions

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let cvm = try CloudWork.checked(cvm: cvm)
        let nodeID = try CloudWork.checked(nodeID: nodeID)
        let accepted = try composeHash.map { text throws(Stop) in
            try ComposeHash.typed(text, option: "--compose-hash")
        }
        let device = try acceptDevice.map { text throws(Stop) in try Bytes32.typed(text, "--accept-device") }
        let owner = try app.map { text throws(Stop) in try Self.app(text) }
        let variables = try environment.variables(context.console)
        let settings = try context.settings()
        let connections = try Connections(settings)
        let api = try settings.apiURL
        _ = try connections.cloud(at: api)
        let sealed = try await seal(variables, connections)
        let signer = prepareOnly ? nil : try KeySource(settings: settings, console: context.console).signer()
        let order = ReplicaOrder(
            app: owner, nodeID: nodeID, encryptedEnv: sealed?.environment.encrypted, composeHash: accepted)
        let intent = Intent(
            cvm: cvm, apiURL: api.text, change: .replica(order), mode: prepareOnly ? .prepareOnly : .register,
            goal: wait == .committed ? .committed : .running, acceptedHash: accepted, acceptedDevice: device,
            signer: signer?.address, policy: try settings.policy,
            environmentTag: signer.flatMap { sealed?.tag(by: $0) })
        try await connections.keep(sealed?.newPin)
        let store = try connections.store()
        let reporter = ProgressReporter(context.console)
        let engine = try connections.engine(api: api, store: store, signer: signer, reporter: reporter)
        let operation = try await engine.begin(intent)
        reporter.begin(operation)
        var options = try settings.runOptions(for: intent)
        options.acceptedDevice = device
        let finished = try await run(operation.id, engine, store, reporter, options, context.console)
        return UpdateCommand.show(finished, context.console)
    }

    /// Runs the operation; a device that nobody has accepted is asked about where somebody can answer.
    private func run(
        _ id: OperationID, _ engine: Engine, _ store: SQLiteStore, _ reporter: ProgressReporter, _ options: RunOptions,
        _ console: Console
    ) async throws -> Operation {
        do {
            return try await reporter.whileTurning { try await engine.run(id, options: options) }
        } catch let stop as OperationStop where stop.failure.code == .deviceNotAccepted && console.canAsk {
            guard options.acceptedDevice == nil, let held = try await store.operation(id),
                let preparation = held.preparation, let device = preparation.device,
                TerminalPrompt.confirm(
                    "The replica runs on device \(device). Allow it in \(preparation.app.checksummed)?",
                    console: console)
            else { throw stop }
            var options = options
            options.acceptedDevice = device
            return try await run(id, engine, store, reporter, options, console)
        }
    }

    private func seal(_ variables: EnvVariables?, _ connections: Connections) async throws -> SealedEnvironment? {
        guard let variables else { return nil }
        let verifier = try connections.kmsVerifier(
            at: try connections.settings.apiURL, pins: try connections.existingPins(),
            acceptedSigner: try KmsSignerOption.key(environment.acceptKmsSigner))
        return try await EnvEncryptor(verifier).seal(variables, for: cvm)
    }

    private static func app(_ text: String) throws(Stop) -> Address {
        guard let app = AppIdentifier.address(spelled: text) else {
            throw Stop(.usage, "--app must be 40 hex digits, with or without 0x or app_.")
        }
        return app
    }
}
