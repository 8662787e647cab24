// SPDX-License-Identifier: Apache-2.0

/// Makes text that came from elsewhere fit for a terminal and a log line.
package enum PrintableText {
    /// The text on one line without control characters, cut to a number of characters.
    ///
    /// Dropped are the C0 and C1 controls, DEL, the line and paragraph separators and everything that changes the
    /// direction of writing; tabs and line ends become a space. A cut is marked by `…`.
    package static func cleaned(_ text: String, limit: Int = 400) -> String {
        var output = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r", "\t": output.append(" ")
            case _ where isUnsafe(scalar): break
            default: output.append(scalar)
            }
            if output.count > limit { return String(output.prefix(limit)) + "…" }
        }
        return String(output)
    }

    /// The text on one line with control characters spelled out, such as `\n` or `\u{1b}`, cut likewise.
    ///
    /// With `quotes`, the quotation mark and the backslash are spelled out too, as in a literal.
    package static func escaped(_ text: String, limit: Int = 200, quotes: Bool = true) -> String {
        var output = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit { return output + "…" }
            count += 1
            switch scalar {
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\\" where quotes: output += "\\\\"
            case "\"" where quotes: output += "\\\""
            case _ where isUnsafe(scalar): output += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Whether a terminal may act on the character, or a reader be misled by it.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0...0x1f, 0x7f...0x9f: true  // C0, DEL, C1
        case 0x00ad, 0x061c, 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff9...0xfffb: true
        case 0xe0000...0xe0fff: true  // tags, invisible
        default: false
        }
    }
}
