// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The struct types of typed data, and the texts that are hashed for them (EIP-712, encodeType).
struct TypedDataTypes: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        let name: String
        let type: String
    }

    /// The most struct types; each one's text may name all the others.
    static let limit = 512

    /// The most bytes of names and types in all definitions together: each struct may have to hash all of them.
    static let textLimit = 128 * 1024

    /// The most members of one struct; each of them is looked up in each value.
    static let memberLimit = 1024

    /// The most bytes of one name or type: each value of an array is looked up by it.
    static let nameLimit = 256

    private let structs: [String: [Member]]

    /// Reads and checks the member `types`.
    init(_ cursor: JSONCursor) throws(TypedDataError) {
        let object: JSONObject
        do { object = try cursor.object() } catch { throw .shape(error) }
        guard object.count <= TypedDataTypes.limit else { throw .tooManyTypes(limit: TypedDataTypes.limit) }
        var structs: [String: [Member]] = [:]
        var room = TypedDataTypes.textLimit
        for name in object.keys {
            guard TypedDataTypes.isIdentifier(name), TypedDataTypes.builtIn(name) == nil else {
                throw .invalidDefinition(type: name)
            }
            let members = try TypedDataTypes.members(cursor[name], of: name)
            room -= members.reduce(name.utf8.count) { $0 + $1.name.utf8.count + $1.type.utf8.count }
            guard room >= 0 else { throw .typesTooLong(limit: TypedDataTypes.textLimit) }
            structs[name] = members
        }
        self.structs = structs
        for (name, members) in structs {
            for member in members {
                let base = TypedDataTypes.base(of: member.type)
                guard structs[base] != nil || TypedDataTypes.builtIn(base) != nil else { throw .unknownType(base) }
                guard TypedDataTypes.hasValidSuffix(member.type) else { throw .invalidDefinition(type: name) }
            }
        }
    }

    /// The members of a struct; `nil` when there is no such struct.
    func members(of name: String) -> [Member]? { structs[name] }

    /// The struct's own text and those of all structs that it refers to, these in order of their names.
    func encodedType(of name: String) throws(TypedDataError) -> String {
        guard structs[name] != nil else { throw .unknownType(name) }
        var found: Set<String> = [name]
        var queue = [name]
        while let next = queue.popLast() {
            for member in structs[next] ?? [] {
                let base = TypedDataTypes.base(of: member.type)
                if structs[base] != nil, found.insert(base).inserted { queue.append(base) }
            }
        }
        found.remove(name)
        let others = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return ([name] + others).map(text).joined()
    }

    private func text(of name: String) -> String {
        let members = (structs[name] ?? []).map { $0.type + " " + $0.name }
        return name + "(" + members.joined(separator: ",") + ")"
    }

    private static func members(_ cursor: JSONCursor, of name: String) throws(TypedDataError) -> [Member] {
        let elements: [JSONCursor]
        do { elements = try cursor.array() } catch { throw .shape(error) }
        guard elements.count <= memberLimit else { throw .invalidDefinition(type: name) }
        var members: [Member] = []
        var names: Set<String> = []
        for element in elements {
            let member: Member
            do {
                member = Member(name: try element["name"].string(), type: try element["type"].string())
            } catch { throw .shape(error) }
            guard isIdentifier(member.name), member.type.utf8.count <= nameLimit,
                names.insert(member.name).inserted
            else {
                throw .invalidDefinition(type: name)
            }
            members.append(member)
        }
        return members
    }

    /// The type without array suffixes.
    static func base(of type: String) -> String {
        String(type.prefix { $0 != "[" })
    }

    /// The built-in type of that name; EIP-712 has neither arrays among them nor the aliases `uint` and `int`.
    static func builtIn(_ name: String) -> ABIType? {
        if name == "uint" || name == "int" { return nil }
        do {
            switch try ABIType(parsing: name) {
            case .array, .fixedArray, .tuple: return nil
            case let type: return type
            }
        } catch {
            return nil
        }
    }

    /// The element type and the length of an array type, by its last suffix; `nil` for any other type.
    static func array(_ type: String) -> (element: String, count: Int?)? {
        guard type.utf8.last == UInt8(ascii: "]"), let open = type.lastIndex(of: "[") else { return nil }
        let digits = type[type.index(after: open)...].dropLast()
        return (String(type[..<open]), Int(digits))
    }

    /// Whether what follows the base is nothing but `[]` and `[n]`, n without leading zeros.
    private static func hasValidSuffix(_ type: String) -> Bool {
        var rest = Array(type.utf8.drop { $0 != UInt8(ascii: "[") })[...]
        while rest.popFirst() != nil {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard digits.count <= 9, digits.first != UInt8(ascii: "0") else { return false }
            rest = rest.dropFirst(digits.count)
            guard rest.popFirst() == UInt8(ascii: "]"), rest.isEmpty || rest.first == UInt8(ascii: "[") else {
                return false
            }
        }
        return true
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first), text.utf8.count <= nameLimit else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x5f, 0x24: true
            default: false
            }
        }
    }
}
