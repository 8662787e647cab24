// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// An id that the service writes as a number or, in newer versions, as a string; its digits are kept as they came.
public struct CloudID: CloudSchema, Hashable, CustomStringConvertible {
    /// The id as it was spelled, such as `42` or `cvm_0123abcd`.
    public let text: String

    /// Reads a string or an integer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        switch cursor.value {
        case .string(let text)?: self.text = text
        case .number(let number)? where number.exactly(Int.self) != nil: text = number.spelling
        case nil, .null?, .bool?, .number?, .array?, .object?: throw cursor.mismatch("string or integer")
        }
    }

    /// The same as ``text``.
    public var description: String { text }
}
