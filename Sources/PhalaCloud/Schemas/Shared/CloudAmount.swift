// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// An amount of money that the service writes as a number or as a string; its digits are kept as they came.
public struct CloudAmount: CloudSchema, Hashable, CustomStringConvertible {
    /// The amount as it was spelled, such as `19.99`.
    public let text: String

    /// Reads a string or a number.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        switch cursor.value {
        case .string(let text)?: self.text = text
        case .number(let number)?: text = number.spelling
        case nil, .null?, .bool?, .array?, .object?: throw cursor.mismatch("string or number")
        }
    }

    /// The same as ``text``.
    public var description: String { text }
}
