// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// A command of this program: parsed arguments, and what they ask for.
protocol ProgramCommand: ParsableCommand, Sendable {
    /// The options that every command takes.
    var shared: SharedOptions { get }

    /// Whether the first signal asks the command to stop where it can be resumed; else it ends at once.
    var canBeAskedToStop: Bool { get }

    /// Does it, prints the result, and tells how the process ends.
    func execute(_ context: Context) async throws -> ExitStatus
}

/// A command that only holds others.
protocol SubcommandHolder: ParsableCommand {}
