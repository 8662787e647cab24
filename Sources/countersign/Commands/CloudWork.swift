// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import PhalaCloud

/// What the commands share that ask the cloud for one thing.
struct CloudWork: Sendable {
    let console: Console

    /// The client; unless the command says otherwise, what is safe to repeat is repeated after errors that pass.
    let cloud: PhalaCloudClient<V20260121>

    /// The version that is spoken.
    let version: any APIVersion.Type

    /// Sets up the connection; nothing is sent.
    ///
    /// - Parameter repeats: whether anything is sent a second time.
    init(_ context: Context, repeats: Bool = true) throws(Stop) {
        let settings = try context.settings()
        console = context.console
        version = try settings.apiVersion.type
        let connections = try Connections(settings)
        cloud = repeats ? try connections.patientCloud() : try connections.cloud()
    }

    /// Runs a call; what the service could not accept in its arguments is wrong usage.
    static func asking<Value>(
        _ call: () async throws(CloudError) -> Value
    ) async throws(Stop) -> Value {
        do { return try await call() } catch { throw Stop(asking: error) }
    }

    /// The name of a CVM as it was typed; one that no request can carry is wrong usage, before anything is asked.
    static func checked(cvm: String) throws(Stop) -> String {
        do { return try RequestCheck.identifier(cvm) } catch { throw Stop(asking: error) }
    }

    /// The name of a KMS as it was typed.
    static func checked(kms: String) throws(Stop) -> String {
        do { return try RequestCheck.identifier(kms, "the KMS") } catch { throw Stop(asking: error) }
    }

    /// The number of a node as it was typed.
    static func checked(nodeID: Int?) throws(Stop) -> Int? {
        guard let nodeID else { return nil }
        do { return try RequestCheck.range(nodeID, "--node-id", in: RequestCheck.number) } catch {
            throw Stop(asking: error)
        }
    }
}

extension Stop {
    /// A call that gave no result, made from the arguments of a command.
    init(asking error: CloudError) {
        if case .invalidRequest = error {
            self.init(.usage, error.message, hint: "See --help.")
        } else {
            self.init(error.failure)
        }
    }
}
