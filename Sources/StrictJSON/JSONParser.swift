// SPDX-License-Identifier: Apache-2.0

/// What a parser refuses before it costs too much.
public struct JSONLimits: Sendable, Hashable {
    /// The greatest number of bytes of the whole text.
    public var bytes: Int

    /// How deep arrays and objects may be nested.
    public var depth: Int

    /// Sets the limits.
    public init(bytes: Int = 16 * 1024 * 1024, depth: Int = 96) {
        self.bytes = bytes
        self.depth = depth
    }
}

/// Why a text is not accepted as JSON.
///
/// Offsets count bytes from the start of the text.
public enum JSONParseError: Error, Sendable, Hashable {
    /// The text has more bytes than the limit.
    case tooLong(bytes: Int, limit: Int)
    /// Arrays and objects are nested deeper than the limit.
    case tooDeep(offset: Int, limit: Int)
    /// The text ends inside a value.
    case unexpectedEnd
    /// A byte does not belong where it stands.
    case unexpectedByte(UInt8, offset: Int)
    /// Something follows the value.
    case trailingBytes(offset: Int)
    /// A number is not written as RFC 8259 demands.
    case invalidNumber(offset: Int)
    /// A backslash does not begin an escape, or a surrogate stands alone.
    case invalidEscape(offset: Int)
    /// A string is not UTF-8.
    case invalidUTF8(offset: Int)
    /// An object has a key twice.
    case duplicateKey(String, offset: Int)
}

extension JSON {
    /// Parses one JSON text of RFC 8259, strictly.
    ///
    /// Refused are trailing bytes, duplicate keys, invalid UTF-8, lone surrogates, a byte order mark, and
    /// whatever passes the limits.
    public init(parsing bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONParseError) {
        guard bytes.count <= limits.bytes else { throw .tooLong(bytes: bytes.count, limit: limits.bytes) }
        self = try bytes.withUnsafeBufferPointer { bytes throws(JSONParseError) in
            var parser = JSONParser(bytes: bytes, depthLimit: limits.depth)
            return try parser.parseText()
        }
    }

    /// Parses one JSON text of RFC 8259, strictly.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONParseError) {
        self = try JSON(parsing: Array(text.utf8), limits: limits)
    }
}

/// A recursive descent over the bytes; recursion is bounded by the depth limit.
///
/// The bytes are borrowed for as long as the parser is used. Nothing is read without a comparison of its place with
/// their number.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let depthLimit: Int
    var position = 0
    private var keys = JSONKeyPool()

    /// How many members the object before had, and how many elements the array: the next one may be alike.
    private var usualMembers = 4
    private var usualElements = 4

    init(bytes: UnsafeBufferPointer<UInt8>, depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    mutating func parseText() throws(JSONParseError) -> JSON {
        skipWhitespace()
        let value = try parseValue(depth: 0)
        skipWhitespace()
        guard position == bytes.count else { throw .trailingBytes(offset: position) }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONParseError) -> JSON {
        switch try peek() {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", as: .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", as: .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", as: .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber())
        case let byte: throw .unexpectedByte(byte, offset: position)
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONParseError) -> JSON {
        guard depth < depthLimit else { throw .tooDeep(offset: position, limit: depthLimit) }
        position += 1
        var members: [JSONObject.Member] = []
        skipWhitespace()
        if try peek() == UInt8(ascii: "}") {
            position += 1
            return .object(JSONObject())
        }
        var scope = keys.open()
        members.reserveCapacity(usualMembers)
        while true {
            skipWhitespace()
            let offset = position
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpectedByte(bytes[position], offset: position) }
            let (key, hash) = try parseKey()
            guard keys.insert(key, hash: hash, into: &scope, besides: members) else {
                throw .duplicateKey(key, offset: offset)
            }
            skipWhitespace()
            try expect(UInt8(ascii: ":"))
            skipWhitespace()
            members.append(.init(key: key, hash: hash, value: try parseValue(depth: depth + 1)))
            skipWhitespace()
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "}"))
            keys.close(scope)
            usualMembers = min(members.count, 64)
            return .object(JSONObject(uniqueMembers: members))
        }
    }

    /// A key and its hash; the cursor stands on the opening quote.
    private mutating func parseKey() throws(JSONParseError) -> (key: String, hash: UInt32) {
        let start = position + 1
        guard let isASCII = try skipPlainString() else {
            let key = try parseEscapedString(from: start)
            return (key, JSONKey.hash(key))
        }
        let content = UnsafeBufferPointer(rebasing: bytes[start..<(position - 1)])
        let hash = JSONKey.hash(content)
        if content.count > 15, let key = keys.known(content, hash: hash) { return (key, hash) }
        let key = try text(content, isASCII: isASCII, offset: start)
        if content.count > 15 { keys.remember(key, hash: hash) }
        return (key, hash)
    }

    private mutating func parseArray(depth: Int) throws(JSONParseError) -> JSON {
        guard depth < depthLimit else { throw .tooDeep(offset: position, limit: depthLimit) }
        position += 1
        var elements: [JSON] = []
        skipWhitespace()
        if try peek() == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        elements.reserveCapacity(usualElements)
        while true {
            skipWhitespace()
            elements.append(try parseValue(depth: depth + 1))
            skipWhitespace()
            if try peek() == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect(UInt8(ascii: "]"))
            usualElements = min(elements.count, 64)
            return .array(elements)
        }
    }

    private mutating func parseWord(_ word: StaticString, as value: JSON) throws(JSONParseError) -> JSON {
        for index in 0..<word.utf8CodeUnitCount {
            try expect(word.utf8Start[index])
        }
        return value
    }

    private mutating func parseNumber() throws(JSONParseError) -> JSONNumber {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        guard skipDigits() > 0 else { throw .invalidNumber(offset: start) }
        if bytes[integerStart] == UInt8(ascii: "0"), position > integerStart + 1 {
            throw .invalidNumber(offset: start)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            guard skipDigits() > 0 else { throw .invalidNumber(offset: start) }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            guard skipDigits() > 0 else { throw .invalidNumber(offset: start) }
        }
        let spelling = UnsafeBufferPointer(rebasing: bytes[start..<position])
        return JSONNumber(validSpelling: String(decoding: spelling, as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    func peek() throws(JSONParseError) -> UInt8 {
        guard position < bytes.count else { throw .unexpectedEnd }
        return bytes[position]
    }

    mutating func expect(_ byte: UInt8) throws(JSONParseError) {
        let found = try peek()
        guard found == byte else { throw .unexpectedByte(found, offset: position) }
        position += 1
    }
}
