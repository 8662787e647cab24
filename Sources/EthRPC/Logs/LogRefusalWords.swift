// SPDX-License-Identifier: Apache-2.0

/// The words and numbers of an error about a range of blocks.
struct LogRefusalWords {
    /// Numbers that may be counts of blocks.
    private(set) var blockCounts: [UInt64] = []

    /// Of a range that the endpoint suggests, its last block less its first.
    private(set) var lastSuggestedLength: UInt64?

    private enum Token: Equatable {
        case word(Substring)
        case decimal(UInt64)
        case hex(UInt64)
        case dash
        case other
    }

    /// Words after a number that is no count of blocks, or before it.
    private static let otherUnits: Set<Substring> = [
        "results", "result", "logs", "log", "events", "entries", "items", "records", "requests", "ms", "s", "sec",
        "seconds", "second", "bytes", "b", "kb", "mb", "gb", "addresses", "topics",
    ]

    /// Reads a text in lower case.
    init(_ text: String) {
        let tokens = LogRefusalWords.tokens(text)
        let words = Set(
            tokens.compactMap { token -> Substring? in
                if case .word(let word) = token { word } else { nil }
            })
        let isAboutBlocks = words.contains { $0.hasPrefix("block") || $0.hasPrefix("range") || $0 == "maxblockrange" }
        for (index, token) in tokens.enumerated() {
            switch token {
            case .decimal(let number):
                if let last = LogRefusalWords.end(of: tokens, after: index) {
                    if last >= number { lastSuggestedLength = last - number }
                    // `limited to 0 - 50 blocks`
                    if number == 0, isAboutBlocks { blockCounts.append(last) }
                } else if isAboutBlocks, number > 0, !LogRefusalWords.isOther(tokens, at: index) {
                    blockCounts.append(number)
                }
            case .hex(let first):
                if let last = LogRefusalWords.next(hexOf: tokens, after: index), last >= first {
                    lastSuggestedLength = last - first
                }
            case .word, .dash, .other: break
            }
        }
    }

    /// The number after a dash after a number.
    private static func end(of tokens: [Token], after index: Int) -> UInt64? {
        guard index + 2 < tokens.count, tokens[index + 1] == .dash, case .decimal(let last) = tokens[index + 2] else {
            return nil
        }
        return last
    }

    /// The hex number right after a comma or a dash.
    private static func next(hexOf tokens: [Token], after index: Int) -> UInt64? {
        guard index + 2 < tokens.count, tokens[index + 1] == .other || tokens[index + 1] == .dash,
            case .hex(let last) = tokens[index + 2]
        else { return nil }
        return last
    }

    /// Whether a number counts something else than blocks, or ends a range.
    private static func isOther(_ tokens: [Token], at index: Int) -> Bool {
        if index > 0 {
            if tokens[index - 1] == .dash { return true }
            if case .word(let word) = tokens[index - 1], otherUnits.contains(word) { return true }
        }
        if index + 1 < tokens.count, case .word(let word) = tokens[index + 1], otherUnits.contains(word) { return true }
        return false
    }

    /// Words, numbers and what stands between them.
    private static func tokens(_ text: String) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let character = rest.first {
            if character.isASCII, character.isNumber || character.isLetter {
                let piece = rest.prefix { $0.isASCII && ($0.isNumber || $0.isLetter || $0 == "_") }
                rest = rest.dropFirst(piece.count)
                if let number = hex(piece) {
                    tokens.append(.hex(number))
                } else if let digits = decimalDigits(piece, rest: &rest) {
                    tokens.append(digits)
                } else {
                    tokens.append(.word(piece))
                }
            } else {
                rest = rest.dropFirst()
                if character == "-" || character == "–" { tokens.append(.dash) }
                if character == "," || character == ";" { tokens.append(.other) }
            }
        }
        return tokens
    }

    private static func hex(_ piece: Substring) -> UInt64? {
        piece.hasPrefix("0x") ? UInt64(piece.dropFirst(2), radix: 16) : nil
    }

    /// A number: `1024`, `10,000`, `2k`, `10_000`; takes further groups of three off the rest.
    private static func decimalDigits(_ piece: Substring, rest: inout Substring) -> Token? {
        var digits = piece.prefix { $0.isNumber }.description
        guard !digits.isEmpty else { return nil }
        var unit = piece.dropFirst(digits.count).filter { $0 != "_" }
        if unit.allSatisfy(\.isNumber), !unit.isEmpty {
            digits += unit
            unit = ""
        }
        while unit.isEmpty, rest.first == "," || rest.first == ".", digits.count <= 12 {
            let group = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            let after = rest.dropFirst(1 + group.count).first
            guard group.count == 3, after?.isLetter != true else { break }
            digits += group
            rest = rest.dropFirst(4)
        }
        let factor: UInt64
        switch unit {
        case "": factor = 1
        case "k": factor = 1000
        case "m": factor = 1_000_000
        case _: return nil
        }
        guard let number = UInt64(digits) else { return .other }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? .other : .decimal(product)
    }
}
