// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// Text from elsewhere, made fit for a terminal.
enum SafeText {
    /// One line without control characters.
    static func line(_ text: String, limit: Int = 400) -> String {
        PrintableText.cleaned(text, limit: limit)
    }

    /// Lines without control characters; only line feeds divide them.
    static func lines(_ text: String) -> [String] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line(String($0), limit: 2000) }
    }

    /// The compact text of a JSON value, in which every character that a terminal could act on is escaped.
    static func json(_ value: JSON) -> String {
        escaped(value.text)
    }

    /// The text of a JSON value over several lines, escaped likewise.
    static func indentedJSON(_ value: JSON) -> String {
        escaped(value.indentedText(by: 2))
    }

    /// Escapes what JSON allows raw in strings although terminals act on it; such characters stand nowhere else.
    private static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x7f }) else { return text }
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isSafe = scalar.value < 0x7f || !PrintableText.cleaned(String(scalar)).isEmpty
            if isSafe {
                output.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    output.append(
                        contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            }
        }
        return String(output)
    }
}
