// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import StrictJSON

/// Sends a Safe's transaction that enough owners have signed, with all promises of a transaction.
struct SafeExecCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Send a Safe's transaction once enough owners have signed it.",
        discussion: """
            Any funded key can send it; it pays the gas and need not be an owner's. The key of an owner who has not signed \
            counts as a signature. Copies that were signed apart are brought together. What is sent is kept in the store \
            first, and 'countersign resume' carries it on.
            """)

    @Argument(help: "Files of 'countersign safe sign'; - is standard input.")
    var files: [String]

    @OptionGroup
    var batch: MultiSendOption

    @Flag(help: "No question on a terminal.")
    var yes = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        let console = context.console
        let proposal = try SafeFile.merged(files)
        try batch.refuseUnknown(in: proposal)
        let settings = try context.settings()
        let signer = try KeySource(settings: settings, console: console).requiredSigner()
        let connections = try Connections(settings)
        let api = try settings.apiURL
        let policy = try settings.policy
        let inspector = try SafeWork.inspector(
            connections, namedBy: api, chainID: proposal.chainID, endpoint: nil,
            limits: policy.limits(chainID: proposal.chainID))
        switch try await inspector.readiness(of: proposal, sender: signer.address) {
        case .inEffect(let transaction): return showDone(proposal, transaction, console)
        case .ready(let execution):
            try ask(proposal, signer.address, console)
            let order = ChainCall(.safe(execution), chainID: proposal.chainID)
            let intent = Intent(
                cvm: proposal.transaction.safe.hex, apiURL: api.text, change: .call(order), goal: .confirmed,
                signer: signer.address, policy: policy)
            return try await run(intent, proposal, connections, api, signer, console)
        }
    }

    private func run(
        _ intent: Intent, _ proposal: SafeProposal, _ connections: Connections, _ api: EndpointURL,
        _ signer: LocalSigner, _ console: Console
    ) async throws -> ExitStatus {
        let reporter = ProgressReporter(console)
        let engine = try connections.engine(
            api: api, store: try connections.store(), signer: signer, reporter: reporter, needsKey: false)
        let options = try connections.settings.runOptions(for: intent)
        let operation = try await engine.begin(intent)
        reporter.begin(operation)
        let finished = try await reporter.whileTurning { try await engine.run(operation.id, options: options) }
        var event = OperationReport.result(finished)
        Self.add(proposal, to: &event)
        console.event(event)
        console.result(OperationText.result(finished, style: console.outputStyle))
        if let approved = proposal.operation {
            console.result([
                "  \(console.outputStyle.arrow) Now run 'countersign commit \(SafeText.line(approved, limit: 40))' where it was "
                    + "prepared."
            ])
        }
        return .done
    }

    private func ask(_ proposal: SafeProposal, _ sender: Address, _ console: Console) throws(Stop) {
        guard !yes, console.canAsk else { return }
        for line in SafeProposalText.lines(proposal, style: console.errorStyle) { console.note(line) }
        guard TerminalPrompt.confirm("Send it from \(sender.checksummed)?", console: console) else {
            throw Stop(.onChainRefused, "You said no. Nothing was sent and nothing is stored.")
        }
    }

    private func showDone(
        _ proposal: SafeProposal, _ transaction: TransactionHash?, _ console: Console
    ) -> ExitStatus {
        var event = JSONObject.event("result")
        event["operation"] = .null
        event["kind"] = "contract-call"
        event["phase"] = "confirmed"
        event["chain_id"] = JSON(count: proposal.chainID)
        event["already_registered"] = true
        event["execution"] = JSON(hash: transaction)
        Self.add(proposal, to: &event)
        console.event(event)
        let how = transaction.map { "in transaction \($0)" } ?? "by other means"
        console.result([
            "\(console.outputStyle.tick) What the transaction does is in effect already, \(how). Nothing was sent."
        ])
        return .done
    }

    private static func add(_ proposal: SafeProposal, to event: inout JSONObject) {
        event["safe"] = .string(proposal.transaction.safe.hex)
        event["safe_tx_hash"] = .string(proposal.hash.hex)
        event["approved_operation"] = JSON(text: proposal.operation)
    }
}
