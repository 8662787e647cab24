// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A page of the operations that ran on a CVM, the newest first (`GET /cvms/{id}/operations`).
public struct CvmOperationsPage: CloudSchema, Hashable {
    /// The operations.
    public let items: [CvmOperation]
    /// What to ask the next page with; none on the last page.
    public let nextCursor: String?
    /// About how many there are.
    public let total: Int

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        items = try cursor["items"].required()
        nextCursor = try cursor["next_cursor"].optional()
        total = try cursor["total"].required()
    }
}
