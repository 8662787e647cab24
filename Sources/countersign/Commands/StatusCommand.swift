// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Orchestrator
import StrictJSON

/// Shows what the store knows, without asking anybody.
struct StatusCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show an operation with its history, or the unfinished operations.")

    @Argument(help: "Name of an operation.")
    var operation: String?

    @Flag(help: "Finished operations, too.")
    var all = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let store = try Connections(try context.settings()).existingStore()
        guard let operation else { return try await list(store, context.console) }
        guard let id = try OperationWork.ids([operation]).first else { return .usage }
        guard let store, let found = try await store.operation(id) else {
            throw Stop(StoreError.noSuchOperation.failure, operation: id)
        }
        return show(found, try await store.history(of: id), context.console)
    }

    private func list(_ store: SQLiteStore?, _ console: Console) async throws -> ExitStatus {
        var operations = try await store?.operations(unfinishedOnly: !all) ?? []
        if !all { operations.removeAll(where: \.isFinished) }
        var object = JSONObject.event("result")
        object["operations"] = .array(operations.map { .object(OperationReport.details($0)) })
        console.event(object)
        console.result(StatusText.list(operations, isAll: all, style: console.outputStyle))
        return .done
    }

    private func show(_ operation: Operation, _ history: [HistoryEntry], _ console: Console) -> ExitStatus {
        var object = JSONObject.event("result")
        for member in OperationReport.details(operation).members { object[member.key] = member.value }
        object["history"] = .array(history.map(OperationReport.history))
        console.event(object)
        console.result(StatusText.details(operation, history, style: console.outputStyle))
        return .done
    }
}
