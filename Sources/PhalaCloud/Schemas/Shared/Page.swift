// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A page of anything.
struct Page<Item: CloudSchema>: CloudPage {
    let items: [Item]
    let total: Int
    let page: Int
    let pageSize: Int
    let pages: Int

    init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        items = try cursor["items"].required()
        total = try cursor["total"].required()
        page = try cursor["page"].required()
        pageSize = try cursor["page_size"].required()
        pages = try cursor["pages"].required()
    }
}
