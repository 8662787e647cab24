// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON
import Synchronization

/// Carries unfinished operations on.
struct ResumeCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Carry unfinished operations on from where they are.",
        discussion: "Safe at any time, any number of times, from two terminals at once. Without names: all of them.")

    @Argument(help: "Names of operations.")
    var operations: [String] = []

    @Flag(help: "All unfinished operations.")
    var all = false

    @Flag(
        name: .customLong("send-again"),
        help: "Of a change whose outcome nobody can tell: it was not applied, send it again.")
    var sendAgain = false

    @Flag(
        name: .customLong("assume-applied"),
        help: "Of a change whose outcome nobody can tell: it was applied.")
    var assumeApplied = false

    @Flag(name: .customLong("without-token"), help: "Keep commit tokens in the store, and do not print them.")
    var withoutToken = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { true }

    func execute(_ context: Context) async throws -> ExitStatus {
        guard !(sendAgain && assumeApplied) else {
            throw Stop(.usage, "--send-again and --assume-applied exclude each other.")
        }
        let ids = try OperationWork.ids(operations)
        guard ids.isEmpty || !all else { throw Stop(.usage, "Give either names or --all.") }
        do {
            return try await resume(ids, context)
        } catch {
            guard let only = ids.first, ids.count == 1 else { throw error }
            throw Stop(any: error).about(only)
        }
    }

    /// Those that are named, or everything that is unfinished.
    private func resume(_ ids: [OperationID], _ context: Context) async throws -> ExitStatus {
        let isEverything = ids.isEmpty
        if isEverything, try Connections(context.settings()).existingStore() == nil { return nothing(context.console) }
        var work = try OperationWork(context)
        var meant: [Operation] = []
        if isEverything {
            meant = try await work.store.operations(unfinishedOnly: true).filter { !$0.isFinished }.reversed()
        } else {
            for id in ids { meant.append(try await work.operation(id)) }
        }
        if isEverything {
            await settleOpenNonces(work, besides: meant, context.console)
            try await listOpenNonces(work.store, besides: meant, context.console)
        }
        if meant.isEmpty { return nothing(context.console) }
        if meant.count > 1 { work.reporter = ProgressReporter(context.console, namesOperations: true) }
        var options = try context.settings().runOptions
        if sendAgain { options.unknownOutcome = .sendAgain }
        if assumeApplied { options.unknownOutcome = .assumeApplied }
        return try await resume(meant, work, options)
    }

    /// Works on them side by side; each prints its result or its error when it ends.
    private func resume(
        _ operations: [Operation], _ work: OperationWork, _ options: RunOptions
    ) async throws -> ExitStatus {
        let statuses = Mutex<[ExitStatus]>([])
        let phases = Mutex<[OperationID: Phase]>([:])
        let crew = Crew(
            store: work.store, locks: try work.connections.locks(), engine: { try work.engine(for: $0) },
            begun: { operation in
                phases.withLock { $0[operation.id] = operation.phase }
                work.reporter.begin(operation)
            },
            ended: { id, outcome in
                let status: ExitStatus
                do {
                    status = UpdateCommand.show(try outcome.get(), work.console, hidesToken: withoutToken)
                } catch {
                    // What stops before the engine runs names no operation by itself, and changes no phase.
                    let stop = Stop(any: error).about(id, phase: phases.withLock { $0[id] })
                    work.console.fail(stop)
                    status = stop.exitStatus
                }
                statuses.withLock { $0.append(status) }
            })
        try await work.reporter.whileTurning { await crew.run(operations.map(\.id), options: options) }
        return ExitStatus.worst(of: statuses.withLock { $0 })
    }

    /// Sends again, or notes as spent, what ended operations left open.
    ///
    /// What cannot be settled now stays listed.
    private func settleOpenNonces(_ work: OperationWork, besides operations: [Operation], _ console: Console) async {
        let known = Set(operations.map(\.id))
        do {
            guard let open = try await work.store.openNonces().first(where: { !known.contains($0.operation) }) else {
                return
            }
            _ = try await work.engine(for: try await work.operation(open.operation)).settleOpenNonces()
        } catch {
            let stop = Stop(any: error)
            if !console.isJSON { console.note("\(console.errorStyle.mark) \(stop.message)") }
        }
    }

    /// Tells the nonces that were signed by operations that have ended, and that no block is known to have spent.
    private func listOpenNonces(
        _ store: SQLiteStore, besides operations: [Operation], _ console: Console
    ) async throws {
        let known = Set(operations.map(\.id))
        for open in try await store.openNonces() where !known.contains(open.operation) {
            var event = JSONObject.event("open-nonce")
            event["chain_id"] = JSON(count: open.lane.chainID)
            event["signer"] = .string(open.lane.signer.hex)
            event["nonce"] = JSON(count: open.nonce)
            event["operation"] = .string(open.operation.text)
            console.event(event)
            guard !console.isJSON else { continue }
            console.note(
                "\(console.errorStyle.mark) Nonce \(open.nonce) of \(open.lane.signer.checksummed) on chain "
                    + "\(open.lane.chainID) was signed by \(open.operation), which has ended, and is not known to be spent."
            )
        }
    }

    private func nothing(_ console: Console) -> ExitStatus {
        var object = JSONObject.event("result")
        object["operations"] = []
        console.event(object)
        console.result(["Nothing to resume: no operation is unfinished."])
        return .done
    }
}
