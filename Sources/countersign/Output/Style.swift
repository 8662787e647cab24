// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How text may look on one of the standard streams.
struct Style: Sendable, Hashable {
    /// Whether colours are wanted and shown.
    let hasColour: Bool

    /// Whether characters beyond ASCII can be shown.
    let hasUnicode: Bool

    /// Text as it is, for streams that are no terminal.
    static let plain = Style(hasColour: false, hasUnicode: true)

    /// The style of a standard stream.
    static func of(_ descriptor: Int32, wantsColour: Bool, environment: Environment) -> Style {
        let isTerminal = isatty(descriptor) == 1
        let hasColour = wantsColour && isTerminal && environment["NO_COLOR"] == nil && environment["TERM"] != "dumb"
        return Style(hasColour: hasColour, hasUnicode: !isTerminal || speaksUnicode(environment))
    }

    private static func speaksUnicode(_ environment: Environment) -> Bool {
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let name = locale.lowercased()
        return name.contains("utf-8") || name.contains("utf8")
    }

    /// Something that is well.
    func good(_ text: String) -> String { painted(text, "32") }

    /// Something to look at.
    func warning(_ text: String) -> String { painted(text, "33") }

    /// Something that is not well.
    func bad(_ text: String) -> String { painted(text, "31") }

    /// Something of little weight.
    func faint(_ text: String) -> String { painted(text, "2") }

    /// Something of weight.
    func strong(_ text: String) -> String { painted(text, "1") }

    /// The sign of a thing done.
    var tick: String { good(hasUnicode ? "✓" : "+") }

    /// The sign of a thing that failed.
    var cross: String { bad(hasUnicode ? "✗" : "x") }

    /// The sign of a thing that was left out.
    var dash: String { faint("-") }

    /// The sign of a thing to look at.
    var mark: String { warning("!") }

    /// What stands before advice.
    var arrow: String { hasUnicode ? "→" : "->" }

    /// The pictures of a turning wheel.
    var wheel: [String] {
        hasUnicode ? ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] : ["|", "/", "-", "\\"]
    }

    private func painted(_ text: String, _ code: String) -> String {
        hasColour ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
    }
}
