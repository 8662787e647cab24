// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// ABI values as the vector files spell them: integers in decimal, bytes and addresses as 0x data.
enum ABIValueReader {
    static func values(_ cursors: [JSONCursor], _ types: [ABIType]) throws(CaseProblem) -> [ABIValue] {
        guard cursors.count == types.count else {
            throw .failed("\(cursors.count) values for \(types.count) types")
        }
        var values: [ABIValue] = []
        for (cursor, type) in zip(cursors, types) { values.append(try value(cursor, type)) }
        return values
    }

    private static func value(_ cursor: JSONCursor, _ type: ABIType) throws(CaseProblem) -> ABIValue {
        switch type {
        case .uint:
            let text = try text(cursor)
            guard let number = UInt256(decimal: text) else { throw .failed("\(cursor.path) is no integer: \(text)") }
            return .uint(number)
        case .int:
            let text = try text(cursor)
            guard let number = Int256(decimal: text) else { throw .failed("\(cursor.path) is no integer: \(text)") }
            return .int(number)
        case .bool:
            do { return .bool(try cursor.bool()) } catch { throw .malformed(error) }
        case .address:
            return .address(try VectorCase.address(cursor))
        case .fixedBytes, .bytes:
            return .bytes(try VectorCase.bytes(cursor))
        case .string:
            return .string(try text(cursor))
        case .array(let element):
            let cursors = try elements(cursor)
            return .array(try values(cursors, [ABIType](repeating: element, count: cursors.count)))
        case .fixedArray(let element, _):
            let cursors = try elements(cursor)
            return .array(try values(cursors, [ABIType](repeating: element, count: cursors.count)))
        case .tuple(let members):
            return .tuple(try values(try elements(cursor), members))
        }
    }

    private static func text(_ cursor: JSONCursor) throws(CaseProblem) -> String {
        do { return try cursor.string() } catch { throw .malformed(error) }
    }

    private static func elements(_ cursor: JSONCursor) throws(CaseProblem) -> [JSONCursor] {
        do { return try cursor.array() } catch { throw .malformed(error) }
    }
}
