// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// The members of an object, as `Decodable` types see them.
struct CursorKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let decoder: CursorDecoder
    private let members: JSONObject

    /// The values by key, where a search from the front would take long.
    private let index: [String: JSON]

    init(_ decoder: CursorDecoder) throws {
        self.decoder = decoder
        members = try decoder.cursor.object()
        index =
            members.count < 32
            ? [:] : Dictionary(members.members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var allKeys: [Key] { members.members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { !place(key).isAbsent }
    func decodeNil(forKey key: Key) throws -> Bool { place(key).isMissing }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try value(key).decode(type) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try value(key).decode(type) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try value(key).decode(type) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try value(key).decode(type) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try value(key).decode(type) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try value(key).decode(type) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try value(key).decode(type) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try value(key).decode(type) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try value(key).decode(type) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try value(key).decode(type) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try value(key).decode(type) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try value(key).decode(type) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try value(key).decode(type) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try value(key).decode(type) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try value(key).decode(type) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try value(key).decode(type) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try value(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try value(key).decoder.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try value(key).decoder.unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder {
        CursorDecoder(decoder.cursor["super"], codingPath: codingPath + [CursorKey.member("super")])
    }

    func superDecoder(forKey key: Key) throws -> any Decoder { value(key).decoder }

    private func value(_ key: Key) -> CursorValueContainer {
        CursorValueContainer(decoder: CursorDecoder(place(key), codingPath: codingPath + [key]))
    }

    /// The member that a key names: of its very name, else of its name in the spelling of the wire.
    private func place(_ key: Key) -> JSONCursor {
        let name = key.stringValue
        let exact = member(name)
        guard exact.isAbsent, let spelled = WireName.of(name) else { return exact }
        return member(spelled)
    }

    private func member(_ name: String) -> JSONCursor {
        index.isEmpty ? decoder.cursor[name] : decoder.cursor.member(name, holding: index[name])
    }
}
