// SPDX-License-Identifier: Apache-2.0

/// Why a dotenv file was not accepted.
///
/// Every case says where, none says what: a line that cannot be read may be a piece of a secret, and so may what looks
/// like a name in it.
public enum EnvFileError: Error, Sendable, Hashable {
    /// What stands before the equals sign is no name: letters, digits and underscores, no digit first.
    case badName(line: Int)
    /// The line has a name and no equals sign.
    case missingEquals(line: Int)
    /// A quote was opened on this line and never closed.
    case unterminatedQuote(line: Int)
    /// Something other than a comment follows a closing quote.
    case textAfterQuote(line: Int)
    /// The name was set on an earlier line already.
    case duplicateName(line: Int, first: Int)
    /// The line is not UTF-8.
    case notUTF8(line: Int)
    /// The line holds a zero byte, which no environment variable can.
    case zeroByte(line: Int)
    /// There is no variable in the file; encrypted, it would delete all that are set.
    case empty
}

extension EnvFileError: CustomStringConvertible {
    /// What is wrong and on which line, without anything of the line.
    public var description: String {
        switch self {
        case .badName(let line):
            "line \(line): what stands before '=' is no name (letters, digits and '_', no digit first)"
        case .missingEquals(let line): "line \(line): a name without '='"
        case .unterminatedQuote(let line): "line \(line): the quote that is opened here is never closed"
        case .textAfterQuote(let line): "line \(line): there is text after the closing quote"
        case .duplicateName(let line, let first): "line \(line): the name is set on line \(first) already"
        case .notUTF8(let line): "line \(line): not UTF-8"
        case .zeroByte(let line): "line \(line): a zero byte"
        case .empty: "there is no variable in it"
        }
    }
}
