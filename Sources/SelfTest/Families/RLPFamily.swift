// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// `rlp_valid` and `rlp_invalid`.
enum RLPFamily {
    static func checkValid(_ vector: VectorCase) throws(CaseProblem) {
        let item = try item(vector.field("decoded"))
        try vector.expect("encoded", bytes: item.encoded)
        let encoded = try vector.bytes("encoded")
        let decoded: RLPItem
        let count: Int
        do {
            decoded = try RLPItem(decoding: encoded)
            count = try RLP.validate(encoded)
        } catch {
            throw .failed("the encoding is refused", error)
        }
        try vector.require(decoded == item, "decoding gives another item than stated")
        try vector.require(count == Self.count(item), "validation counts \(count) items")
    }

    static func checkInvalid(_ vector: VectorCase) throws(CaseProblem) {
        let encoded = try vector.bytes("encoded")
        _ = try vector.text("reason")
        try vector.require(
            !accepts { () throws(RLPError) in try RLP.validate(encoded) }, "RLP.validate accepts the bytes")
        try vector.require(
            !accepts { () throws(RLPError) in try RLPItem(decoding: encoded) }, "RLPItem accepts the bytes")
    }

    /// Whether a reader goes through without an error.
    private static func accepts<Value>(_ read: () throws(RLPError) -> Value) -> Bool {
        do {
            _ = try read()
            return true
        } catch {
            return false
        }
    }

    private static func item(_ cursor: JSONCursor) throws(CaseProblem) -> RLPItem {
        guard case .array? = cursor.value else { return .bytes(try VectorCase.bytes(cursor)) }
        let elements: [JSONCursor]
        do { elements = try cursor.array() } catch { throw .malformed(error) }
        var items: [RLPItem] = []
        for element in elements { items.append(try item(element)) }
        return .list(items)
    }

    private static func count(_ item: RLPItem) -> Int {
        switch item {
        case .bytes: 1
        case .list(let items): items.reduce(1) { $0 + count($1) }
        }
    }
}
