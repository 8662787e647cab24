// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not one canonical RLP item (Yellow Paper, appendix B): a case for each fault.
///
/// Offsets count bytes from the start of the input and point at the header of the item at fault.
public enum RLPError: Error, Sendable, Hashable {
    /// There is no byte at all.
    case emptyInput
    /// The input ends inside an item.
    case truncated(offset: Int)
    /// Something follows the one item.
    case trailingBytes(offset: Int)
    /// A byte below `0x80` is written with a length header instead of as itself.
    case nonMinimalSingleByte(offset: Int)
    /// A payload of less than 56 bytes has the header for long ones.
    case longFormForShort(offset: Int)
    /// The length of a long item begins with a zero byte.
    case leadingZeroLength(offset: Int)
    /// The length of an item is 2^31 bytes or more, which no input here may have.
    case lengthOverflow(offset: Int)
    /// An item ends behind the list that it is in.
    case itemExceedsList(offset: Int)
    /// Lists are nested deeper than the limit.
    case tooDeep(limit: Int)
    /// The input is longer than the limit.
    case tooLong(bytes: Int, limit: Int)
    /// There are more items than the limit.
    case tooManyItems(limit: Int)
    /// A byte string was asked for and a list found.
    case unexpectedList(offset: Int)
    /// A list was asked for and a byte string found.
    case unexpectedString(offset: Int)
    /// Another item of a list was asked for and there is none.
    case missingItem(offset: Int)
}

extension RLPError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .emptyInput: "no bytes"
        case .truncated(let offset): "the input ends inside the item at offset \(offset)"
        case .trailingBytes(let offset): "bytes follow the item, from offset \(offset)"
        case .nonMinimalSingleByte(let offset): "the single byte at offset \(offset) must be written without a header"
        case .longFormForShort(let offset): "the item at offset \(offset) is short but has a header for long items"
        case .leadingZeroLength(let offset): "the length of the item at offset \(offset) begins with a zero byte"
        case .lengthOverflow(let offset): "the length of the item at offset \(offset) is 2^31 or more"
        case .itemExceedsList(let offset): "the item at offset \(offset) ends behind its list"
        case .tooDeep(let limit): "lists are nested deeper than \(limit)"
        case .tooLong(let bytes, let limit): "the input has \(bytes) bytes, at most \(limit) are accepted"
        case .tooManyItems(let limit): "there are more than \(limit) items"
        case .unexpectedList(let offset): "a list at offset \(offset) where a byte string should be"
        case .unexpectedString(let offset): "a byte string at offset \(offset) where a list should be"
        case .missingItem(let offset): "the list ends at offset \(offset), where another item should be"
        }
    }
}
