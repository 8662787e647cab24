// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import TestSupport
import Testing

@Suite struct EnvFileTests {
    /// Names and values as they would be encrypted.
    private func read(_ text: String) throws -> [[String]] {
        let variables = try EnvFile.parse(SecretBytes(copying: text))
        let json = try JSON(parsing: variables.json().withUnsafeBytes { Array($0) })
        let pairs = (json["env"]?.array ?? []).map { [$0["key"]?.string ?? "?", $0["value"]?.string ?? "?"] }
        #expect(pairs.map { $0[0] } == variables.names)
        return pairs
    }

    @Test(arguments: [
        ("A=1", [["A", "1"]]),
        ("A=1\nB=2\n", [["A", "1"], ["B", "2"]]),
        ("\u{feff}A=1\r\n\r\n  B = 2 \r\n", [["A", "1"], ["B", "2"]]),
        ("# comment\n\n  # another\nexport A=1\nexport\tB=2\nexport=3", [["A", "1"], ["B", "2"], ["export", "3"]]),
        ("A=", [["A", ""]]),
        ("A=   \nB= # only a comment\nC=#no comment", [["A", ""], ["B", ""], ["C", "#no comment"]]),
        ("A=one two # three\nB=one#two", [["A", "one two"], ["B", "one#two"]]),
        ("A='$B \\n \"x\" # y' # comment", [["A", "$B \\n \"x\" # y"]]),
        (#"A="a\nb\tc\r\"\\\$\`\d""#, [["A", "a\nb\tc\r\"\\$`\\d"]]),
        ("A=\"one\r\n  two\n\"\nB='x\ny'\nC=z", [["A", "one\n  two\n"], ["B", "x\ny"], ["C", "z"]]),
        ("A=\"joined \\\nlines\"", [["A", "joined lines"]]),
        ("A=''\nB=\"\"\nC=it's", [["A", ""], ["B", ""], ["C", "it's"]]),
        ("A=Grüße – 🚀\nB=a=b==", [["A", "Grüße – 🚀"], ["B", "a=b=="]]),
        ("A=a\rb\r", [["A", "a\rb"]]),
        ("_1=x\na_B9=y", [["_1", "x"], ["a_B9", "y"]]),
    ])
    func `values are read as the form says`(text: String, expected: [[String]]) throws {
        #expect(try read(text) == expected)
    }

    @Test(arguments: [
        ("A=1\n1A=secret", EnvFileError.badName(line: 2)),
        ("A-B=secret", .badName(line: 1)),
        ("=secret", .badName(line: 1)),
        ("a secret line", .badName(line: 1)),
        ("A=1\n\nSECRET", .missingEquals(line: 3)),
        ("export SECRET\nA=1", .missingEquals(line: 1)),
        ("A=1\r\nB='sec\nret\n", .unterminatedQuote(line: 2)),
        ("A=\"secret", .unterminatedQuote(line: 1)),
        ("A=\"secret\\", .unterminatedQuote(line: 1)),
        ("A=\"secret\\\"", .unterminatedQuote(line: 1)),
        ("A='x\ny' secret", .textAfterQuote(line: 2)),
        ("A=1\nB='x\ny'\nA=secret", .duplicateName(line: 4, first: 1)),
        ("A=1\nB=\"x\\\ny\"\nB=secret", .duplicateName(line: 4, first: 2)),
        ("A=1\nB=sec\u{0}ret", .zeroByte(line: 2)),
        ("", .empty), ("\n# nothing\n", .empty),
    ])
    func `what cannot be read is refused with its line and without its text`(
        text: String, expected: EnvFileError
    ) throws {
        #expect(throws: expected) { try read(text) }
        let told = "\(expected)"
        #expect(!told.lowercased().contains("sec"))
        #expect(expected == .empty || told.hasPrefix("line "))
    }

    @Test func `a line that is not UTF-8 is refused`() {
        let contents = Array("A=1\nB=".utf8) + [0xff, 0xfe]
        let secret = contents.withUnsafeBytes { SecretBytes(copying: $0) }
        #expect(throws: EnvFileError.notUTF8(line: 2)) { try EnvFile.parse(secret) }
    }

    @Test func `variables print their number and nothing else`() throws {
        let variables = try EnvFile.parse(SecretBytes(copying: "TOKEN=s3cret\nB=2"))
        var dumped = ""
        dump(variables, to: &dumped)
        for text in ["\(variables)", String(reflecting: variables), dumped] { #expect(!text.contains("s3cret")) }
    }

    @Test func `any bytes are read or refused, and values never outgrow the file`() throws {
        var random = SeededGenerator()
        let pieces: [String] = [
            "A", "B_1", "=", "'", "\"", "\\", "\n", "\r\n", " ", "#", "export ", "$", "é", "\u{0}", "x", "\r", "\t",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<24, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            .joined()
            let pairs = (try? read(text)) ?? []
            let size = pairs.reduce(0) { $0 + $1[0].utf8.count + $1[1].utf8.count }
            #expect(size <= text.utf8.count, "\(random): \(text.debugDescription)")
            #expect(Set(pairs.map { $0[0] }).count == pairs.count)
        }
    }
}
