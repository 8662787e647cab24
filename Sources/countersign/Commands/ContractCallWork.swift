// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud

/// How a write of an app's contract is carried out.
struct ContractCallOptions: ParsableArguments {
    @Flag(name: .customLong("dry-run"), help: "Only read: show the call data, what it may cost, and what stops it.")
    var dryRun = false

    @Flag(help: "Ask nothing on a terminal.")
    var yes = false
}

/// Carries one write of an app's contract out as an operation, or tells what it would do.
struct ContractCallWork: Sendable {
    let work: ContractWork

    /// The key that signs; `nil` where none is named, which is enough for looking.
    let signer: LocalSigner?

    private let options: ContractCallOptions

    /// Unlocks the key and finds the contract.
    init(
        _ reference: ContractSubject.Reference, _ context: Context, _ options: ContractCallOptions
    ) async throws {
        // The key comes first: a passphrase is asked for before anybody waits for an endpoint.
        let keys = KeySource(settings: try context.settings(), console: context.console)
        signer = options.dryRun ? try keys.signer() : try keys.requiredSigner()
        work = try await ContractWork(reference, context)
        self.options = options
    }

    /// Carries a write out.
    ///
    /// - Parameters:
    ///   - accepted: a hash that the operator typed a second time.
    ///   - warnings: what the operator should know before, a sentence each.
    ///   - obstacle: what the command itself has against it; then the cloud is not asked.
    func run(
        _ write: AppWrite, accepted: ComposeHash? = nil, warnings: [String] = [], obstacle: Stop? = nil
    ) async throws -> ExitStatus {
        let settings = work.connections.settings
        let intent = Intent(
            cvm: work.name, apiURL: work.api.text, change: .call(work.call(write)), goal: .confirmed,
            acceptedHash: accepted, signer: signer?.address, policy: try settings.policy)
        let runOptions = try settings.runOptions(for: intent)
        let reporter = ProgressReporter(work.console)
        let store = try work.connections.existingStore()
        let unfinished = try await store?.operations(unfinishedOnly: true) ?? []
        // What has begun goes on by itself: what stands in its way now may be its own doing.
        if options.dryRun || !unfinished.contains(where: { $0.intent.asksTheSame(as: intent) }) {
            let reader = try work.engine(store: store ?? NoStore(), signer: signer, reporter: reporter)
            let report = try await reporter.whileTurning {
                let preview = try await reader.callPreview(intent, asksCloud: obstacle == nil, options: runOptions)
                return try await judged(preview, warnings, obstacle)
            }
            if options.dryRun { return report.show(work.console) }
            // What would stop it is said at once, while nothing is sent and nothing stored.
            if let obstacle = report.obstacles.first { throw obstacle }
            if !report.preview.isInEffect { try agree(report) }
        }
        let engine = try work.engine(
            store: try store ?? work.connections.store(), signer: signer, reporter: reporter)
        let operation = try await engine.begin(intent)
        reporter.begin(operation)
        let finished = try await reporter.whileTurning { try await engine.run(operation.id, options: runOptions) }
        return UpdateCommand.show(finished, work.console)
    }

    private func judged(
        _ preview: CallPreview, _ warnings: [String], _ obstacle: Stop?
    ) async throws -> CallReport {
        var kind: AccountKind?
        if let authority = preview.chain.owner, authority != .zero {
            kind = try await work.inspector.account(authority, atBlock: try await work.inspector.block()).kind
        }
        return CallReport(
            work: work, preview: preview, kind: kind, signer: signer?.address,
            warnings: preview.isInEffect ? [] : warnings, obstacle: preview.isInEffect ? nil : obstacle)
    }

    /// Tells the warnings, and asks where somebody can be asked.
    private func agree(_ report: CallReport) throws(Stop) {
        let console = work.console
        guard !options.yes, console.canAsk else {
            for warning in report.warnings { console.note("\(console.errorStyle.mark) \(warning)") }
            return
        }
        for line in report.lines(showsObstacles: false, style: console.errorStyle) { console.note(line) }
        guard TerminalPrompt.confirm("Go on?", console: console) else {
            throw Stop(.onChainRefused, "You said no. Nothing was sent and nothing is stored.")
        }
    }
}
