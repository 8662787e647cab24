// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Registrations that the owners of a Safe sign together.
struct SafeCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "safe", abstract: "Register what a prepared operation needs by a Safe.",
        discussion: """
            'propose' makes a file, 'sign' adds an owner's signature to it, offline if wished, and 'exec' sends it once \
            enough owners have signed; then 'countersign commit' finishes the operation.
            """,
        subcommands: [SafeProposeCommand.self, SafeSignCommand.self, SafeShowCommand.self, SafeExecCommand.self])
}
