// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

/// Finishes an update whose hash somebody else registers.
struct CommitCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit", abstract: "Finish an operation that awaits approval.",
        discussion: """
            Without --transaction-hash the registration is looked for on chain. With --await-approval it is waited for, \
            for days if need be, with a look a minute; then --timeout is the time for the rest. An update that was \
            prepared elsewhere is named by --cvm, --token and --compose-hash, or imported with 'countersign import'.
            """)

    @Argument(help: "Name of an operation; without one, the only one that awaits approval.")
    var operation: String?

    @Option(
        name: .customLong("transaction-hash"),
        help: ArgumentHelp("The registering transaction.", valueName: "0x…|already-registered"))
    var transactionHash: String?

    @Option(
        name: .customLong("await-approval"),
        help: ArgumentHelp("Wait so long for the registration.", valueName: "seconds"))
    var awaitApproval: String?

    @Option(help: ArgumentHelp("CVM of an update that was prepared elsewhere.", valueName: "cvm"))
    var cvm: String?

    // A token may begin with a hyphen.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Its commit token, also for an operation that came without.", valueName: "token"))
    var token: String?

    @Option(name: .customLong("compose-hash"), help: ArgumentHelp("Its compose hash.", valueName: "0x…"))
    var composeHash: String?

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        var options = try context.settings().runOptions
        let wait = try Seconds.parse(awaitApproval.map { Setting(value: $0, source: .option("await-approval")) })
        options.approval = RunOptions.Approval(
            proof: try proof(), waits: wait != nil, rest: wait == nil ? nil : options.timeout)
        let time = wait.map { $0 + options.timeout }
        if let wait { options.timeout = wait }
        switch (operation, cvm, token, composeHash) {
        case (let name, nil, _, nil): return try await commit(name, options, time, context)
        case (nil, let cvm?, let token?, let hash?):
            return try await adopt(cvm: cvm, token: token, hash: hash, options, time, context)
        case (_, _, _, _):
            throw Stop(
                .usage, "Give the name of an operation, or all of --cvm, --token and --compose-hash.",
                hint: "See 'countersign commit --help'.")
        }
    }

    private func commit(
        _ name: String?, _ options: RunOptions, _ time: Duration?, _ context: Context
    ) async throws -> ExitStatus {
        try OperationWork.check(name: name, context)
        let work = try OperationWork(context, time: time)
        let operation = try await work.operation(named: name)
        let id = operation.id
        let engine = try work.engine(for: operation)
        if let token { _ = try await engine.nameToken(token, of: id, options: options) }
        work.reporter.begin(operation)
        let finished = try await work.reporter.whileTurning { try await engine.run(id, options: options) }
        return UpdateCommand.show(finished, context.console)
    }

    private func adopt(
        cvm: String, token: String, hash: String, _ options: RunOptions, _ time: Duration?, _ context: Context
    ) async throws -> ExitStatus {
        let cvm = try CloudWork.checked(cvm: cvm)
        let settings = try context.settings()
        let connections = try Connections(settings, time: time)
        let api = try settings.apiURL
        let accepted = try ComposeHash.typed(hash, option: "--compose-hash")
        let reporter = ProgressReporter(context.console)
        let engine = try connections.engine(
            api: api, store: try connections.store(), signer: nil, reporter: reporter)
        let intent = Intent(
            cvm: cvm, apiURL: api.text, change: .patch(JSONObject()), mode: .prepareOnly, acceptedHash: accepted,
            signer: nil,
            policy: try settings.policy)
        let finished = try await reporter.whileTurning {
            let operation = try await engine.adopt(cvm: cvm, hash: hash, token: token, intent: intent, options: options)
            reporter.begin(operation)
            return try await engine.run(operation.id, options: options)
        }
        return UpdateCommand.show(finished, context.console)
    }

    private func proof() throws(Stop) -> RunOptions.Approval.Proof {
        switch try transactionHash.map({ text throws(Stop) in try TransactionProof.typed(text) }) {
        case nil: .search
        case .alreadyRegistered?: .alreadyRegistered
        case .transaction(let hash)?: .transaction(hash.bytes)
        }
    }
}

extension TransactionProof {
    /// A proof as it is typed.
    static func typed(_ text: String) throws(Stop) -> TransactionProof {
        if text == "already-registered" { return .alreadyRegistered }
        do { return .transaction(try TransactionHash(hex: text)) } catch {
            throw Stop(.usage, "--transaction-hash must be 0x and 64 hex digits, or already-registered: \(error).")
        }
    }
}
