// SPDX-License-Identifier: Apache-2.0

/// What a command works with.
struct Context: Sendable {
    /// Where results and progress go.
    let console: Console

    private let options: SharedOptions
    private let environment: Environment

    /// The context of one command.
    init(options: SharedOptions, environment: Environment) {
        self.options = options
        self.environment = environment
        console = Console(
            json: options.json, verbose: options.verbose, noColour: options.noColour, environment: environment)
    }

    /// What is in force; reads the configuration file.
    func settings() throws(Stop) -> Settings {
        try Settings(options, environment: environment)
    }
}
