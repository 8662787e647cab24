// SPDX-License-Identifier: Apache-2.0

/// Walks over the bytes of a dotenv file and writes the values one after the other into the memory it was given.
///
/// No byte of a value goes anywhere else.
struct EnvFileParser {
    private let input: UnsafeRawBufferPointer
    private let output: UnsafeMutableRawBufferPointer
    private var position = 0
    private var line = 1
    private var firstLines: [String: Int] = [:]

    private(set) var names: [String] = []
    private(set) var ranges: [Range<Int>] = []

    /// How many bytes of the output are written.
    private(set) var used = 0

    init(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) {
        self.input = input
        self.output = output
    }

    mutating func run() throws(EnvFileError) {
        try checkText()
        if input.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        while position < input.count {
            skipBlanks()
            switch byte {
            case nil, Self.newline?: break
            case UInt8(ascii: "#")?: skipLine()
            case _ where isCarriageReturn: break
            case _: try assignment()
            }
            endLine()
        }
    }

    /// Zero bytes and what is not UTF-8 are found line by line before anything is read.
    private func checkText() throws(EnvFileError) {
        var line = 1
        for rows in input.split(separator: Self.newline, omittingEmptySubsequences: false) {
            if rows.contains(0) { throw .zeroByte(line: line) }
            if !Self.isUTF8(rows) { throw .notUTF8(line: line) }
            line += 1
        }
    }

    private static func isUTF8(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid: continue
            case .emptyInput: return true
            case .error: return false
            }
        }
    }

    private mutating func assignment() throws(EnvFileError) {
        let start = line
        var name = word()
        if name == "export", isBlank(byte) {
            skipBlanks()
            if byte != UInt8(ascii: "=") { name = word() }
        }
        guard !name.isEmpty, isNameEnd else { throw .badName(line: start) }
        skipBlanks()
        guard byte == UInt8(ascii: "=") else {
            throw byte == nil || byte == Self.newline || isCarriageReturn
                ? .missingEquals(line: start) : .badName(line: start)
        }
        position += 1
        if let first = firstLines[name] { throw .duplicateName(line: start, first: first) }
        firstLines[name] = start
        let begin = used
        skipBlanks()
        switch byte {
        case UInt8(ascii: "'")?: try quoted(by: UInt8(ascii: "'"), escapes: false)
        case UInt8(ascii: "\"")?: try quoted(by: UInt8(ascii: "\""), escapes: true)
        case _: plain()
        }
        names.append(name)
        ranges.append(begin..<used)
    }

    /// A value up to the end of its line or to a comment.
    private mutating func plain() {
        let begin = used
        // White space directly after the equals sign counts as such before a comment.
        var afterBlank = position > 0 && isBlank(input[position - 1])
        while let current = byte, current != Self.newline, !isCarriageReturn {
            if current == UInt8(ascii: "#"), afterBlank { break }
            afterBlank = isBlank(current)
            put(current)
            position += 1
        }
        while used > begin, isBlank(output[used - 1]) { used -= 1 }
        skipLine()
    }

    private mutating func quoted(by quote: UInt8, escapes: Bool) throws(EnvFileError) {
        let start = line
        position += 1
        while let current = byte, current != quote {
            switch current {
            case UInt8(ascii: "\\") where escapes:
                position += 1
                escaped()
            case Self.newline:
                line += 1
                take()
            case Self.carriageReturn where isCarriageReturn:
                position += 1
            case _:
                take()
            }
        }
        guard byte == quote else { throw .unterminatedQuote(line: start) }
        position += 1
        skipBlanks()
        switch byte {
        case nil, Self.newline?: break
        case UInt8(ascii: "#")?: skipLine()
        case _ where isCarriageReturn: break
        case _: throw .textAfterQuote(line: line)
        }
    }

    /// What follows a backslash in double quotes; at the end of the input nothing is taken, and the quote is open.
    private mutating func escaped() {
        if isCarriageReturn { position += 1 }
        guard let current = byte else { return }
        switch current {
        case UInt8(ascii: "n"): put(0x0a)
        case UInt8(ascii: "r"): put(0x0d)
        case UInt8(ascii: "t"): put(0x09)
        case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"), UInt8(ascii: "`"): put(current)
        case Self.newline: line += 1
        case _:
            put(UInt8(ascii: "\\"))
            put(current)
        }
        position += 1
    }

    private mutating func take() {
        put(input[position])
        position += 1
    }

    private mutating func put(_ byte: UInt8) {
        output[used] = byte
        used += 1
    }

    /// Letters, digits and underscores, no digit first; empty when there is none.
    private mutating func word() -> String {
        let begin = position
        while let current = byte, isNameByte(current, isFirst: position == begin) { position += 1 }
        return String(decoding: input[begin..<position], as: UTF8.self)
    }

    private func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
        case _: false
        }
    }

    /// Whether a name may end here: before white space, an equals sign or the end of the line.
    private var isNameEnd: Bool {
        byte == nil || byte == UInt8(ascii: "=") || byte == Self.newline || isBlank(byte) || isCarriageReturn
    }
}

extension EnvFileParser {
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private var byte: UInt8? { position < input.count ? input[position] : nil }

    /// Whether here is a carriage return that belongs to the line's end.
    private var isCarriageReturn: Bool {
        byte == Self.carriageReturn && (position + 1 == input.count || input[position + 1] == Self.newline)
    }

    private func isBlank(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private mutating func skipBlanks() {
        while isBlank(byte) { position += 1 }
    }

    private mutating func skipLine() {
        while byte != nil, byte != Self.newline { position += 1 }
    }

    private mutating func endLine() {
        if isCarriageReturn { position += 1 }
        guard byte == Self.newline else { return }
        position += 1
        line += 1
    }
}
