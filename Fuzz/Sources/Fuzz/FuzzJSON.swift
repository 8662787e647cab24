// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// What is accepted is written and read back the same, whatever the layout.
func fuzzJSON(_ input: [UInt8]) {
    guard let json = try? JSON(parsing: input) else { return }
    let text = json.text
    require((try? JSON(parsing: text)) == json, "the text reads as another value")
    require((try? JSON(parsing: text))?.text.utf8.elementsEqual(text.utf8) ?? false, "the text is not stable")
    require((try? JSON(parsing: json.indentedText(by: 4))) == json, "the indented text reads as another value")
    let sorted = json.sortedByKey()
    require(sorted == json, "sorting changes the value")
    require(sorted.sortedByKey().text.utf8.elementsEqual(sorted.text.utf8), "sorting is not stable")
    require(text.utf8.count <= 6 * input.count, "\(input.count) bytes became \(text.utf8.count)")
    let depth = depth(of: json)
    require((try? JSON(parsing: input, limits: JSONLimits(bytes: input.count, depth: depth))) == json, "its limits")
    if depth > 0 {
        require((try? JSON(parsing: input, limits: JSONLimits(depth: depth - 1))) == nil, "accepted beyond a limit")
    }
    require((try? JSON(parsing: input, limits: JSONLimits(bytes: input.count - 1))) == nil, "accepted beyond a limit")
    visit(JSONCursor(json))
}

private func depth(of json: JSON) -> Int {
    switch json {
    case .null, .bool, .number, .string: 0
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .object(let object): 1 + (object.members.map { depth(of: $0.value) }.max() ?? 0)
    }
}

/// Asks every place for every type.
private func visit(_ cursor: JSONCursor) {
    _ = result { () throws(JSONShapeError) in try cursor.string() }
    _ = result { () throws(JSONShapeError) in try cursor.bool() }
    if let number = try? cursor.number() {
        if let value = number.exactly(Int64.self) {
            require(number.spelling == String(value) || number.spelling == "-0", "an integer spelled \(number)")
        }
        _ = (number.exactly(UInt8.self), number.exactly(UInt64.self), number.double)
    }
    require(!cursor.mismatch("nothing").description.isEmpty, "an error without words")
    if let elements = try? cursor.array() { elements.forEach(visit) }
    if let object = try? cursor.object() {
        for key in object.keys {
            require(object[key] != nil, "a member is not found by its key")
            visit(cursor[key])
        }
    }
}
