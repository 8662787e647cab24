// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

@testable import PhalaCloud

/// Dotenv files: what is read is the same when it is written out in quotes; an error tells a line and no more.
func fuzzEnvFile(_ input: [UInt8]) {
    let lines = input.count { $0 == UInt8(ascii: "\n") } + 1
    let variables: EnvVariables
    do {
        variables = try parse(input)
    } catch {
        let text = "\(error)"
        require(error == .empty || text.hasPrefix("line "), "an error that does not begin with its line: \(text)")
        // Every number but that of the encoding's name is a line.
        let numbers = text.split { " :".contains($0) }.compactMap { Int($0) }
        require(numbers.allSatisfy { (1...lines).contains($0) }, "a line that is not there: \(text)")
        require(text.utf8.allSatisfy { $0 < 0x80 } && text.utf8.count < 120, "more than a line in the error")
        return
    }
    let pairs = pairs(of: variables)
    require(pairs.map(\.name) == variables.names && !pairs.isEmpty, "the names")
    require(Set(variables.names).count == pairs.count, "a name that is set twice")
    require(pairs.allSatisfy { isName($0.name) }, "no name")
    require(pairs.reduce(0) { $0 + $1.value.utf8.count } <= input.count, "more than there was")
    let quoted = pairs.map { "export \($0.name) = \"\(escaped($0.value))\" # quoted" }.joined(separator: "\r\n")
    require(same(quoted, as: variables), "quoting changes a value")
    let marked = "\u{feff}# a comment\n\n" + quoted + "\n"
    require(same(marked, as: variables), "a comment or a byte order mark changes a value")
    if let first = variables.names.first {
        require((try? parse(Array((quoted + "\n\(first)=").utf8))) == nil, "a name was set twice")
    }
}

private func parse(_ input: [UInt8]) throws(EnvFileError) -> EnvVariables {
    try EnvFile.parse(input.withUnsafeBytes { SecretBytes(copying: $0) })
}

private func text(_ variables: EnvVariables) -> [UInt8] {
    variables.json().withUnsafeBytes { Array($0) }
}

private func same(_ file: String, as variables: EnvVariables) -> Bool {
    guard let read = try? parse(Array(file.utf8)) else { return false }
    return text(read) == text(variables)
}

/// The variables as they would be encrypted.
private func pairs(of variables: EnvVariables) -> [(name: String, value: String)] {
    let rows = (try? JSON(parsing: text(variables)))?["env"]?.array
    require(rows != nil, "the text that is encrypted is no JSON")
    return (rows ?? []).map { row in
        require(row["key"]?.string != nil && row["value"]?.string != nil, "a variable without name or value")
        return (row["key"]?.string ?? "", row["value"]?.string ?? "")
    }
}

private func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case _: false
        }
    }
}

/// A value for double quotes.
private func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
        switch scalar {
        case "\\", "\"", "$", "`": text += "\\\(scalar)"
        case "\r": text += "\\r"
        case _: text.unicodeScalars.append(scalar)
        }
    }
    return text
}
