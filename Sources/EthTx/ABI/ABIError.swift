// SPDX-License-Identifier: Apache-2.0

/// Why a value could not be encoded or bytes could not be decoded by the contract ABI.
///
/// Offsets count bytes from the start of the arguments, the selector left out.
public enum ABIError: Error, Sendable, Hashable {
    /// The text is not the name of a type.
    case invalidType(String)
    /// The text is not a function, event or error signature.
    case invalidSignature(String)
    /// There are more or fewer values than types.
    case wrongCount(expected: Int, found: Int)
    /// The value is of another kind than the type.
    case wrongKind(expected: String)
    /// The number, or the number of bytes or elements, does not fit the type.
    case outOfRange(type: String)
    /// The data end inside a value.
    case truncated(offset: Int)
    /// Bytes that must be zero (or, for negative numbers, ones) are not.
    case dirtyPadding(offset: Int)
    /// A boolean is neither 0 nor 1.
    case invalidBool(offset: Int)
    /// An offset points outside the data, or elsewhere than the canonical encoding does.
    case invalidOffset(offset: Int)
    /// A text is not UTF-8.
    case invalidUTF8(offset: Int)
    /// Bytes follow the last value.
    case trailingBytes(offset: Int)
    /// The data would decode to far more values than their size allows for.
    case tooManyValues
    /// The data begin with another selector.
    case wrongSelector(expected: [UInt8], found: [UInt8])
}

extension ABIError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .invalidType(let text): "\(text) is not an ABI type"
        case .invalidSignature(let text): "\(text) is not an ABI signature"
        case .wrongCount(let expected, let found): "expected \(expected) values, found \(found)"
        case .wrongKind(let expected): "the value is not of type \(expected)"
        case .outOfRange(let type): "the value does not fit into \(type)"
        case .truncated(let offset): "the data end inside the value at offset \(offset)"
        case .dirtyPadding(let offset): "the padding at offset \(offset) is not zero"
        case .invalidBool(let offset): "the boolean at offset \(offset) is neither 0 nor 1"
        case .invalidOffset(let offset): "the offset at offset \(offset) points elsewhere than it may"
        case .invalidUTF8(let offset): "the text at offset \(offset) is not UTF-8"
        case .trailingBytes(let offset): "bytes follow the last value, from offset \(offset)"
        case .tooManyValues: "the data describe more values than they can hold"
        case .wrongSelector(let expected, let found):
            "expected selector \(Hex.encode(expected)), found \(Hex.encode(found))"
        }
    }
}
