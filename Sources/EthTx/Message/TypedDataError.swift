// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Why an object is not typed structured data that can be hashed.
public enum TypedDataError: Error, Sendable, Hashable {
    /// The text is not JSON.
    case notJSON(JSONParseError)
    /// A member is missing or of another JSON type.
    case shape(JSONShapeError)
    /// A type is named that is neither built in nor defined.
    case unknownType(String)
    /// The definition of a type is not allowed: its name, or a member's name, or one of them twice.
    case invalidDefinition(type: String)
    /// There are more struct types than anyone needs.
    case tooManyTypes(limit: Int)
    /// The definitions of the types are longer than anyone needs, in bytes of names and types.
    case typesTooLong(limit: Int)
    /// A value does not fit its type; where it is.
    case invalidValue(path: String, type: String)
    /// An object has a member that its type does not have; where it is.
    case unexpectedMember(path: String)
}

extension TypedDataError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .notJSON(let error): "typed data is not JSON: \(error)"
        case .shape(let error): "typed data: \(error)"
        case .unknownType(let name): "typed data: there is no type \(name)"
        case .invalidDefinition(let type): "typed data: the definition of type \(type) is not allowed"
        case .tooManyTypes(let limit): "typed data: there are more than \(limit) types"
        case .typesTooLong(let limit): "typed data: the definitions of the types are longer than \(limit) bytes"
        case .invalidValue(let path, let type): "typed data: \(path) is not a value of type \(type)"
        case .unexpectedMember(let path): "typed data: the type has no member \(path), which would not be signed"
        }
    }
}
