// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// Environment files in the dotenv form.
///
/// A line is `NAME=value`, optionally after `export`; blank lines and lines that begin with `#` are skipped.
/// - A plain value ends with its line, or before white space and `#`; white space around it is dropped.
/// - `'…'` is taken as it stands, over several lines if need be.
/// - `"…"` too, with the escapes `\n`, `\r`, `\t`, `\\`, `\"`, `\$`, a back quote after a backslash, and a backslash before a
///   line's end that joins the lines; another backslash stands for itself, as in a shell.
/// - Nothing is substituted: `$NAME` is five characters.
/// - Lines end with LF or CRLF; inside quotes CRLF counts as LF. A byte order mark at the beginning is skipped.
/// - A name that is set twice is refused, because readers of such files disagree which one counts.
public enum EnvFile {
    /// The greatest size of a file, in bytes.
    public static let sizeLimit = 1024 * 1024

    /// Reads the variables of a file's contents.
    ///
    /// - Throws: ``EnvFileError`` with the line; nothing of the contents is in it.
    public static func parse(_ contents: SecretBytes) throws(EnvFileError) -> EnvVariables {
        var names: [String] = []
        var ranges: [Range<Int>] = []
        let values = try contents.withUnsafeBytes { input throws(EnvFileError) in
            // No escape is shorter than what it stands for, so the values fit into the size of the file.
            try SecretBytes(capacity: input.count) { output throws(EnvFileError) in
                var parser = EnvFileParser(input, output)
                try parser.run()
                (names, ranges) = (parser.names, parser.ranges)
                return parser.used
            }
        }
        guard !names.isEmpty else { throw .empty }
        return EnvVariables(names: names, values: values, ranges: ranges)
    }
}
