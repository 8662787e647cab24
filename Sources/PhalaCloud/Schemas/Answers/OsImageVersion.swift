// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The version of an operating system image, which comes as a text or as a list of numbers.
public struct OsImageVersion: CloudSchema, Hashable, CustomStringConvertible {
    /// The version with dots, such as `0.5.5`.
    public let text: String

    /// Reads a string, or an array of integers.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        switch cursor.value {
        case .string(let text)?: self.text = text
        case .array?:
            var numbers: [String] = []
            for number in try cursor.array() { numbers.append(String(try number.integer(Int.self))) }
            guard !numbers.isEmpty else { throw cursor.mismatch("at least one number") }
            text = numbers.joined(separator: ".")
        case nil, .null?, .bool?, .number?, .object?: throw cursor.mismatch("string or array of integers")
        }
    }

    /// The same as ``text``.
    public var description: String { text }
}
