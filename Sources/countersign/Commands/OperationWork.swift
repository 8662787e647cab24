// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import Orchestrator

/// What the commands on existing operations share: the store, the key, and an engine for each operation's own cloud.
struct OperationWork: Sendable {
    let connections: Connections
    let store: SQLiteStore
    let signer: LocalSigner?
    var reporter: ProgressReporter
    let console: Console

    /// Opens the store and unlocks the key, if there is one.
    ///
    /// - Parameters:
    ///   - needsSigner: whether the key is of use at all; else it is not even unlocked.
    ///   - time: how long the invocation may take, if it is longer than the settings say.
    init(_ context: Context, needsSigner: Bool = true, time: Duration? = nil) throws(Stop) {
        let settings = try context.settings()
        connections = try Connections(settings, time: time)
        console = context.console
        reporter = ProgressReporter(context.console)
        guard let store = try connections.existingStore() else {
            throw Stop(
                .notFound, "There is no store at \(try settings.storePath), so no operation is known.",
                hint: "Give --store, or begin with 'countersign update'.")
        }
        self.store = store
        signer = needsSigner ? try KeySource(settings: settings, console: context.console).signer() : nil
    }

    /// The operation with a name.
    func operation(_ id: OperationID) async throws -> Operation {
        guard let operation = try await store.operation(id) else {
            throw Stop(StoreError.noSuchOperation.failure, operation: id)
        }
        return operation
    }

    /// Refuses what cannot name an operation: a text that is no name, or none where no store holds any.
    static func check(name: String?, _ context: Context) throws(Stop) {
        if let name {
            _ = try ids([name])
            return
        }
        guard try Connections(context.settings()).existingStore() == nil else { return }
        throw Stop(
            .usage, "No operation is named, and there is no store in which one could await approval.",
            hint: "Give the name of an operation, and --store if it is not in the usual place.")
    }

    /// The operation with a name as it was typed; without one, the only operation that awaits approval.
    func operation(named text: String?) async throws -> Operation {
        if let text {
            guard let id = try Self.ids([text]).first else { throw Stop(.usage, "No operation is named.") }
            return try await operation(id)
        }
        let waiting = try await store.operations(unfinishedOnly: true).filter { $0.phase == .awaitingApproval }
        guard let only = waiting.first, waiting.count == 1 else {
            throw Stop(
                .usage,
                waiting.isEmpty
                    ? "No operation of the store awaits approval." : "\(waiting.count) operations await approval.",
                hint: "Give the name of an operation; 'countersign status' lists them.")
        }
        return only
    }

    /// The engine that asks the cloud where the operation was begun, whatever the settings say now.
    func engine(for operation: Operation, needsKey: Bool = true) throws(Stop) -> Engine {
        let api: EndpointURL
        do { api = try EndpointURL(operation.intent.apiURL) } catch { throw Stop(url: "stored API URL", error) }
        guard api.isProtected || connections.settings.allowsInsecureHTTP else {
            throw Stop(
                .insecureURL, "The operation was begun at \(api), which is http://.",
                hint: "Give --allow-insecure-http if you know the way.", operation: operation.id,
                phase: operation.phase)
        }
        return try connections.engine(
            api: api, store: store, signer: signer, reporter: reporter,
            needsKey: needsKey && operation.kind.involvesCloud)
    }

    /// Reads names as they were typed.
    static func ids(_ texts: [String]) throws(Stop) -> [OperationID] {
        var ids: [OperationID] = []
        for text in texts {
            guard let id = OperationID(text) else {
                throw Stop(
                    .usage, "\(SafeText.line(text, limit: 60)) is no name of an operation.",
                    hint: "Names look like op-0123456789abcdef; 'countersign status --all' lists them.")
            }
            if !ids.contains(id) { ids.append(id) }
        }
        return ids
    }
}
