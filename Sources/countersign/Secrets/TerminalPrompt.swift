// SPDX-License-Identifier: Apache-2.0

import EthTx
import Glibc

/// Questions to the person at the terminal.
enum TerminalPrompt {
    /// The longest passphrase that is read, in bytes.
    private static let limit = 1024

    /// Asks a question that is answered by yes or no; anything but yes is no.
    static func confirm(_ question: String, console: Console) -> Bool {
        console.live(nil)
        _ = StandardStream.write(question + " [y/N] ", to: StandardStream.error)
        let answer = Interruption.shared.endingAtOnce(restore: {}) { readLine(strippingNewline: true) }
        return ["y", "yes"].contains(answer?.lowercased())
    }

    /// Asks for a secret without showing it; `nil` when there is no terminal or no answer.
    static func secret(_ question: String, console: Console) -> SecretBytes? {
        guard console.canAsk else { return nil }
        var shown = termios()
        guard tcgetattr(0, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        hidden.c_lflag |= tcflag_t(ECHONL)
        console.live(nil)
        _ = StandardStream.write(question + ": ", to: StandardStream.error)
        let before = shown
        let restore: @Sendable () -> Void = {
            var settings = before
            _ = tcsetattr(0, TCSAFLUSH, &settings)
        }
        return Interruption.shared.endingAtOnce(restore: restore) {
            guard tcsetattr(0, TCSAFLUSH, &hidden) == 0 else { return nil }
            defer { restore() }
            let line = SecretBytes(capacity: limit, fill: readTerminalLine)
            return line.isEmpty ? nil : line.withoutTrailingNewline()
        }
    }

    /// Reads up to the end of a line; a terminal hands over one line at a time.
    private static func readTerminalLine(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        var used = 0
        while used < buffer.count {
            let count = read(0, buffer.baseAddress.map { $0 + used }, buffer.count - used)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            used += count
            if buffer[used - 1] == UInt8(ascii: "\n") { break }
        }
        return used
    }
}
