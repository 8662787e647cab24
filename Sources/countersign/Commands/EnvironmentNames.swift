// SPDX-License-Identifier: Apache-2.0

import Orchestrator
import StrictJSON

/// A file that lists names of environment variables.
enum EnvironmentNames {
    /// Reads a JSON array of names, or a name a line, where empty lines and lines that begin with `#` say nothing.
    static func read(_ path: String) throws(Stop) -> [String] {
        try names(in: try InputFile.text(path), path: path)
    }

    /// The names in a text.
    static func names(in text: String, path: String) throws(Stop) -> [String] {
        let isArray = text.utf8.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) } == UInt8(ascii: "[")
        guard isArray else {
            return text.unicodeScalars.split(separator: "\n").map { trimmed(String($0)) }
                .filter { !$0.isEmpty && $0.utf8.first != UInt8(ascii: "#") }
        }
        do {
            var names: [String] = []
            for item in try JSONCursor(try JSON(parsing: text)).array() { names.append(try item.string()) }
            return names
        } catch {
            throw Stop(.badInput, "\(path) is not a list of names: \(error).", hint: "Correct the file.")
        }
    }

    private static func trimmed(_ line: String) -> String {
        var bytes = Array(line.utf8)[...]
        func isSpace(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        while isSpace(bytes.first) { bytes.removeFirst() }
        while isSpace(bytes.last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
