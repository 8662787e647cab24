// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Answers of the cloud on their way out: for programs as they came, for people in a few lines.
enum AnswerOutput {
    /// Prints an answer: an event for programs, indented JSON for people.
    static func show(_ answer: JSON, _ console: Console) -> ExitStatus {
        show(answer, raw: true, console) { [] }
    }

    /// Prints an answer: an event for programs, lines for people, or indented JSON where its shape was not checked.
    static func show(_ answer: JSON, raw: Bool, _ console: Console, lines: () -> [String]) -> ExitStatus {
        console.event(.data(answer))
        console.result(raw ? [SafeText.indentedJSON(answer)] : lines())
        return .done
    }
}
