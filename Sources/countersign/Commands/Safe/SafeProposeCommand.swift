// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import StrictJSON

/// Makes the transaction by which a Safe approves a prepared operation.
struct SafeProposeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "propose", abstract: "Make the Safe transaction that approves a prepared operation.",
        discussion: """
            The Safe, its version, owners, threshold and nonce are read from the chain, its hash is compared with the one \
            computed here, and every call is simulated from the Safe. Nothing is signed and nothing is sent. A file that \
            is there already keeps its signatures.
            """)

    @Argument(help: "Name of an operation that awaits approval.")
    var operation: String

    @Option(help: ArgumentHelp("The Safe that owns the app's contract.", valueName: "0x…"))
    var safe: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the file for the owners goes; standard output by default.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Also write a file for the Safe app's Transaction Builder.", valueName: "file"))
    var builder: String?

    @Option(help: ArgumentHelp("Nonce of the Safe; its next one by default.", valueName: "n"))
    var nonce: String?

    @OptionGroup
    var batch: MultiSendOption

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let safe = try Address.typed(safe, option: "--safe")
        let nonce = try nonce.map { text throws(Stop) in
            guard let value = UInt256(decimal: text) else { throw Stop(.usage, "--nonce must be a decimal number.") }
            return value
        }
        let batchContract = try batch.address()
        let ids = try OperationWork.ids([operation])
        let work = try OperationWork(context)
        guard let id = ids.first else { return .usage }
        let operation = try await work.operation(id)
        let calls = try Self.calls(of: operation)
        let inspector = try Self.inspector(operation, work)
        let order = SafeInspector.Order(
            safe: safe, calls: calls, nonce: nonce, batchContract: batchContract, operation: id)
        guard let proposal = try await inspector.propose(order) else {
            return Self.showDone(operation, work.console)
        }
        if let builder { try OutputFile.write(Self.builderFile(proposal, id).text, to: builder) }
        let written = try output.map { path throws(Stop) in try SafeFile.write(proposal, to: path) } ?? proposal
        show(written, work.console)
        return .done
    }

    /// The calls that an operation waits for.
    private static func calls(of operation: Operation) throws(Stop) -> [SafeProposal.Call] {
        guard operation.phase == .awaitingApproval else {
            throw Stop(
                .usage,
                "Operation \(operation.id) is in phase \(operation.phase.rawValue); only one that awaits approval is "
                    + "proposed to a Safe.",
                hint: "Prepare it with 'countersign update … --prepare-only'.", operation: operation.id,
                phase: operation.phase)
        }
        return operation.calls.compactMap { planned in
            switch planned.call {
            case .app(let app, let write): SafeProposal.Call(contract: app, call: write.function)
            case .safe, .useNonce: nil
            }
        }
    }

    private static func inspector(_ operation: Operation, _ work: OperationWork) throws -> SafeInspector {
        guard let chainID = operation.chainID, let limits = operation.limits else {
            throw Stop(.usage, "Operation \(operation.id) needs no chain, so there is nothing to propose.")
        }
        let api: EndpointURL
        do { api = try EndpointURL(operation.intent.apiURL) } catch { throw Stop(url: "stored API URL", error) }
        return try SafeWork.inspector(
            work.connections, namedBy: api, chainID: chainID, endpoint: operation.target?.rpcEndpoint, limits: limits)
    }

    private static func builderFile(_ proposal: SafeProposal, _ id: OperationID) -> TransactionBuilderFile {
        TransactionBuilderFile(
            chainID: proposal.transaction.chainID, safe: proposal.transaction.safe, calls: proposal.calls,
            name: "countersign \(id)", summary: proposal.calls.map(\.words).joined(separator: "; "),
            createdAt: SystemClock().now().milliseconds)
    }

    private func show(_ proposal: SafeProposal, _ console: Console) {
        var event = SafeReport.result(proposal)
        event["file"] = JSON(text: output)
        event["builder_file"] = JSON(text: builder)
        event["already_registered"] = false
        if output == nil { event["document"] = proposal.json }
        console.event(event)
        guard !console.isJSON else { return }
        for line in SafeProposalText.lines(proposal, style: console.errorStyle) { console.note(line) }
        let style = console.errorStyle
        if output == nil { console.result([proposal.json.indentedText(by: 2)]) }
        console.note("  \(style.arrow) \(SafeProposalText.advice(proposal, file: output ?? "FILE"))")
        if builder != nil {
            console.note("  \(style.arrow) Or open the other file in the Safe app's Transaction Builder.")
        }
    }

    private static func showDone(_ operation: Operation, _ console: Console) -> ExitStatus {
        var event = JSONObject.event("result")
        event["approved_operation"] = .string(operation.id.text)
        event["already_registered"] = true
        console.event(event)
        console.result([
            "\(console.outputStyle.tick) What operation \(operation.id) waits for is registered already: run 'countersign "
                + "commit \(operation.id)'."
        ])
        return .done
    }
}
