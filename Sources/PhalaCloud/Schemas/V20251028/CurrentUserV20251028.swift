// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// Who calls, in one object (`GET /auth/me`, version 2025-10-28).
public struct CurrentUserV20251028: CloudSchema, Hashable {
    /// The whole answer as it came.
    public let json: JSONObject

    /// Reads an answer.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
    }
}
