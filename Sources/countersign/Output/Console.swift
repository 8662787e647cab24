// SPDX-License-Identifier: Apache-2.0

import CProcess
import Glibc
import StrictJSON
import Synchronization

/// Everything that leaves the program by its standard streams.
///
/// With `--json`, standard output is JSON lines and nothing else. Otherwise results go to standard output and progress
/// to standard error, on a terminal with one line that changes in place.
final class Console: Sendable {
    private struct State {
        /// The line that is on the terminal and will be overwritten.
        var liveLine: String?
        /// `errno` of the first write to standard output that failed.
        var outputFailure: Int32?
    }

    /// Whether standard output is for a program.
    let isJSON: Bool

    /// Whether more is told than usual.
    let isVerbose: Bool

    /// How text on standard output looks.
    let outputStyle: Style

    /// How text on standard error looks.
    let errorStyle: Style

    /// Whether a person sees standard error while it is written.
    let isLive: Bool

    private let state = Mutex(State())

    /// A console with what the operator wants to see.
    init(json: Bool, verbose: Bool, noColour: Bool, environment: Environment) {
        isJSON = json
        isVerbose = verbose
        outputStyle = .of(StandardStream.output, wantsColour: !noColour, environment: environment)
        errorStyle = .of(StandardStream.error, wantsColour: !noColour, environment: environment)
        isLive = isatty(StandardStream.error) == 1 && environment["TERM"] != "dumb"
    }

    /// Whether somebody can be asked: both the question and the answer are on a terminal.
    var canAsk: Bool { isatty(0) == 1 && isatty(StandardStream.error) == 1 }

    /// An event for programs; people see nothing.
    func event(_ object: JSONObject) {
        guard isJSON else { return }
        output(SafeText.json(.object(object)) + "\n")
    }

    /// A result for people; programs see nothing.
    func result(_ lines: [String]) {
        guard !isJSON else { return }
        output(lines.map { $0 + "\n" }.joined())
    }

    /// A line about what happens, for people.
    func note(_ line: String) {
        state.withLock { state in
            clear(&state)
            _ = StandardStream.write(line + "\n", to: StandardStream.error)
        }
    }

    /// Shows a line that will be overwritten; `nil` takes it away.
    ///
    /// Nothing happens where nobody sees it.
    func live(_ line: String?) {
        guard isLive else { return }
        state.withLock { state in
            guard let line else { return clear(&state) }
            let shown = Self.fitting(line, columns: Int(countersign_terminal_columns(StandardStream.error)))
            guard state.liveLine != shown else { return }
            _ = StandardStream.write("\r\u{1b}[2K" + shown, to: StandardStream.error)
            state.liveLine = shown
        }
    }

    /// Says why a command ended without its result.
    func fail(_ stop: Stop) {
        if isJSON { return event(stop.json) }
        for line in StopText.lines(stop, style: errorStyle) { note(line) }
    }

    /// The first signal was heard.
    func stopping() {
        guard isLive else { return }
        note(errorStyle.faint("Stopping where it can be resumed; a second signal ends at once."))
    }

    /// The last words of a process that ends at once; never waits for a line that is being written.
    func abandon(_ stop: Stop) {
        let text =
            isJSON
            ? SafeText.json(.object(stop.json)) + "\n"
            : "\n" + StopText.lines(stop, style: errorStyle).map { $0 + "\n" }.joined()
        let descriptor = isJSON ? StandardStream.output : StandardStream.error
        _ = state.withLockIfAvailable { _ in StandardStream.write(text, to: descriptor) }
    }

    /// Why standard output took not everything; `nil` when it did, or when its reader went away.
    var outputFailure: String? {
        guard let code = state.withLock({ $0.outputFailure }), code != EPIPE else { return nil }
        return String(cString: strerror(code))
    }

    private func output(_ text: String) {
        state.withLock { state in
            clear(&state)
            if let code = StandardStream.write(text, to: StandardStream.output), state.outputFailure == nil {
                state.outputFailure = code
            }
        }
    }

    private func clear(_ state: inout State) {
        guard state.liveLine != nil else { return }
        _ = StandardStream.write("\r\u{1b}[2K", to: StandardStream.error)
        state.liveLine = nil
    }

    /// The text cut to the width of the terminal; colours are not counted and are left in.
    static func fitting(_ text: String, columns: Int) -> String {
        guard columns > 1 else { return text }
        var output = ""
        var width = 0
        var isEscape = false
        for character in text {
            if character == "\u{1b}" { isEscape = true }
            if !isEscape { width += 1 }
            if width < columns || isEscape { output.append(character) }
            if isEscape, character == "m" { isEscape = false }
        }
        return output
    }
}
