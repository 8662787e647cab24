// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import Synchronization

/// Standard input, which `-` names and which ends with its first reader.
enum StandardInput {
    /// The name of standard input where a file is meant.
    static let name = "-"

    private static let isTaken = Atomic(false)

    /// Takes standard input if that is what a path names; whoever comes second would read nothing.
    static func take(for path: String) throws(Stop) {
        guard path == name, isTaken.exchange(true, ordering: .relaxed) else { return }
        throw Stop(
            .usage, "Standard input (-) is named for more than one input, and it can be read only once.",
            hint: "Name a file for all but one of them.")
    }
}
