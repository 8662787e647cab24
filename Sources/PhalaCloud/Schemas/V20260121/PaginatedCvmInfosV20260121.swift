// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A page of CVMs (`GET /cvms/paginated`, version 2026-01-21).
public struct PaginatedCvmInfosV20260121: CloudPage, Hashable {
    /// The CVMs of this page.
    public let items: [CvmInfoV20260121]
    /// How many CVMs there are on all pages.
    public let total: Int
    /// The number of this page, from 1.
    public let page: Int
    /// How many CVMs a page holds at most.
    public let pageSize: Int
    /// How many pages there are.
    public let pages: Int

    /// The whole answer as it came, fields without a property of their own included.
    public let json: JSONObject

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        json = try cursor.object()
        items = try cursor["items"].required()
        total = try cursor["total"].required()
        page = try cursor["page"].required()
        pageSize = try cursor["page_size"].required()
        pages = try cursor["pages"].required()
    }
}
