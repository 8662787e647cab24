// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Lets `Decodable` types read a place of an answer.
///
/// Mismatches are thrown as ``JSONShapeError``; what a type throws by itself is translated at the end.
struct CursorDecoder: Decoder {
    let cursor: JSONCursor
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ cursor: JSONCursor, codingPath: [any CodingKey] = []) {
        self.cursor = cursor
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try CursorKeyedContainer(self))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        CursorUnkeyedContainer(elements: try cursor.array(), codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        CursorValueContainer(decoder: self)
    }

    /// What a type found wrong by itself, as a mismatch at the place that it names.
    static func mismatch(_ error: DecodingError, at root: JSONCursor) -> JSONShapeError {
        switch error {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            place(context.codingPath, under: root).mismatch("\(type)")
        case .keyNotFound(let key, let context):
            place(context.codingPath + [key], under: root).mismatch("a value")
        case .dataCorrupted(let context):
            place(context.codingPath, under: root)
                .mismatch(PrintableText.cleaned(context.debugDescription, limit: 120))
        @unknown default:
            root.mismatch("another value")
        }
    }

    private static func place(_ path: [any CodingKey], under root: JSONCursor) -> JSONCursor {
        path.reduce(root) { cursor, key in
            guard let index = key.intValue, case .array = cursor.value else { return cursor[key.stringValue] }
            return cursor[index]
        }
    }
}

/// A step of a path that no type has named.
enum CursorKey: CodingKey {
    case member(String)
    case element(Int)

    init?(stringValue: String) { self = .member(stringValue) }
    init?(intValue: Int) { self = .element(intValue) }

    var stringValue: String {
        switch self {
        case .member(let name): name
        case .element(let index): String(index)
        }
    }

    var intValue: Int? {
        switch self {
        case .member: nil
        case .element(let index): index
        }
    }
}
