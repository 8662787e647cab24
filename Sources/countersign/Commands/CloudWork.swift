// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import PhalaCloud

/// What the commands share that ask the cloud for one thing.
struct CloudWork: Sendable {
    let console: Console

    /// The client; what is safe to repeat is repeated after errors that pass.
    let cloud: PhalaCloudClient<V20260121>

    /// The version that is spoken.
    let version: any APIVersion.Type

    /// Sets up the connection; nothing is sent.
    init(_ context: Context) throws(Stop) {
        let settings = try context.settings()
        console = context.console
        version = try settings.apiVersion.type
        cloud = try Connections(settings).patientCloud()
    }

    /// Runs a call; what the service could not accept in its arguments is wrong usage.
    static func asking<Value>(
        _ call: () async throws(CloudError) -> Value
    ) async throws(Stop) -> Value {
        do { return try await call() } catch { throw Stop(asking: error) }
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
