// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM as lists show it (version 2025-10-28).
public struct CvmInfoV20251028: CloudSchema, Hashable {
    /// The whole answer as it came.
    public let json: JSONObject

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
    }
}
