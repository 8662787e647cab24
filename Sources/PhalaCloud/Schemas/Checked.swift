// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// An answer that is of a shape, together with what came.
///
/// For callers that show or store an answer as it is, but only if it is what the documents say:
/// `try await client.cvmInfo("my-app", as: Checked<CvmInfoDetailV20260121>.self).json`.
public struct Checked<Value: CloudSchema>: CloudSchema {
    /// The answer as the type.
    public let value: Value

    /// The whole answer as it came.
    public let json: JSON

    /// Reads the value, and keeps what it was read from.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        value = try Value(decoding: cursor)
        json = try JSON(decoding: cursor)
    }
}

extension Checked: Equatable where Value: Equatable {}
extension Checked: Hashable where Value: Hashable {}
