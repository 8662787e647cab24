// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a command works with.
struct Context: Sendable {
    /// Where results and progress go.
    let console: Console

    private let options: SharedOptions
    private let environment: Environment
    private let read = Cache()

    /// The context of one command.
    init(options: SharedOptions, environment: Environment) {
        self.options = options
        self.environment = environment
        console = Console(
            json: options.json, verbose: options.verbose, noColour: options.noColour, environment: environment)
    }

    /// What is in force; the configuration file, which may be a pipe, is read the first time only.
    func settings() throws(Stop) -> Settings {
        if let settings = read.settings.withLock({ $0 }) { return settings }
        let settings = try Settings(options, environment: environment)
        read.settings.withLock { $0 = settings }
        return settings
    }

    private final class Cache: Sendable {
        let settings = Mutex<Settings?>(nil)
    }
}
