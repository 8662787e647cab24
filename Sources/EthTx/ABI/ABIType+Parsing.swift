// SPDX-License-Identifier: Apache-2.0

extension ABIType {
    /// Reads the name of a type; `uint` and `int` are aliases of `uint256` and `int256`.
    ///
    /// Arrays of a fixed size have 1...65536 elements, and types are nested at most 32 deep, so that no name
    /// describes more than memory can hold.
    public init(parsing text: String) throws(ABIError) {
        var parser = ABITypeParser(text)
        self = try parser.type(depth: 0)
        guard parser.isAtEnd else { throw .invalidType(text) }
    }

    /// The greatest head of a type, in bytes.
    static let greatestHead = 1 << 21
}

/// A recursive descent over the characters of a type, a list of types, or a signature.
struct ABITypeParser {
    private let text: String
    private let utf8: [UInt8]
    private var position = 0

    init(_ text: String) {
        self.text = text
        utf8 = Array(text.utf8)
    }

    var isAtEnd: Bool { position == utf8.count }

    /// One type with its array suffixes.
    mutating func type(depth: Int) throws(ABIError) -> ABIType {
        guard depth < 32 else { throw .invalidType(text) }
        var type: ABIType
        if take("(") {
            type = .tuple(try list(depth: depth + 1))
        } else {
            type = try elementary(word())
        }
        var suffixes = 0
        while take("[") {
            suffixes += 1
            guard depth + suffixes < 32 else { throw .invalidType(text) }
            if take("]") {
                type = .array(of: type)
            } else {
                let digits = word()
                guard take("]"), let count = size(digits), (1...65536).contains(count) else { throw .invalidType(text) }
                let (bytes, overflow) = type.headByteCount.multipliedReportingOverflow(by: count)
                guard !overflow, bytes <= ABIType.greatestHead else { throw .invalidType(text) }
                type = .fixedArray(of: type, count: count)
            }
        }
        return type
    }

    /// Types up to a closing parenthesis, the opening one taken; each may be followed by what `after` takes.
    mutating func list(depth: Int) throws(ABIError) -> [ABIType] {
        var types: [ABIType] = []
        if depth == 0, take(")") { return [] }
        var head = 0
        while true {
            let next = try type(depth: depth)
            head += next.headByteCount
            guard head <= ABIType.greatestHead else { throw .invalidType(text) }
            types.append(next)
            if take(",") { continue }
            guard take(")") else { throw .invalidType(text) }
            return types
        }
    }

    /// Letters, digits, `_` and `$`; may be empty.
    mutating func word() -> String {
        let start = position
        while position < utf8.count, ABITypeParser.isWord(utf8[position]) { position += 1 }
        return String(decoding: utf8[start..<position], as: UTF8.self)
    }

    /// Takes one character if it is next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < utf8.count, UInt32(utf8[position]) == character.value else { return false }
        position += 1
        return true
    }

    private func elementary(_ word: String) throws(ABIError) -> ABIType {
        switch word {
        case "bool": return .bool
        case "address": return .address
        case "bytes": return .bytes
        case "string": return .string
        case "uint": return .uint(bits: 256)
        case "int": return .int(bits: 256)
        case _ where word.hasPrefix("uint"):
            if let bits = size(word.dropFirst(4)), (8...256).contains(bits), bits % 8 == 0 { return .uint(bits: bits) }
        case _ where word.hasPrefix("int"):
            if let bits = size(word.dropFirst(3)), (8...256).contains(bits), bits % 8 == 0 { return .int(bits: bits) }
        case _ where word.hasPrefix("bytes"):
            if let count = size(word.dropFirst(5)), (1...32).contains(count) { return .fixedBytes(count: count) }
        case _: break
        }
        throw .invalidType(text)
    }

    /// Decimal digits without leading zeros.
    private func size(_ digits: some StringProtocol) -> Int? {
        guard let first = digits.utf8.first, (0x31...0x39).contains(first) else { return nil }
        return Int(digits)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x24: true
        default: false
        }
    }
}
