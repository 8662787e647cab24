// SPDX-License-Identifier: Apache-2.0

/// What a parser remembers about keys: those of the objects it is inside of, and how long ones were spelled.
struct JSONKeyPool {
    /// How many keys of one object are compared with each other before a set is made.
    private static let few = 64

    /// How many long keys are remembered.
    private static let places: UInt32 = 128

    /// The hashes of the keys of all objects that are not closed, the outermost first.
    private var hashes: [UInt32] = []

    /// Long keys that came lately, each at the place that its hash names.
    private var spelled: [String] = []

    /// Where the keys of an object begin.
    struct Scope {
        fileprivate let start: Int
        fileprivate var many: Set<Bytes>?
    }

    /// A text that is compared and hashed by its bytes.
    fileprivate struct Bytes: Hashable {
        let text: String

        static func == (left: Bytes, right: Bytes) -> Bool { JSONKey.areEqual(left.text, right.text) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// An object begins.
    func open() -> Scope { Scope(start: hashes.count) }

    /// The object ends.
    mutating func close(_ scope: Scope) {
        hashes.removeLast(hashes.count - scope.start)
    }

    /// Adds a key to an object; `false` when it was there already.
    ///
    /// Among a few keys equal hashes are looked for; many keys are kept in a set, whose hashes nobody can foresee.
    mutating func insert(
        _ key: String, hash: UInt32, into scope: inout Scope, besides members: [JSONObject.Member]
    ) -> Bool {
        if scope.many != nil { return scope.many?.insert(Bytes(text: key)).inserted ?? false }
        if hashes[scope.start...].contains(hash),
            members.contains(where: { $0.hash == hash && JSONKey.areEqual($0.key, key) })
        {
            return false
        }
        hashes.append(hash)
        if members.count + 1 >= JSONKeyPool.few {
            scope.many = Set(members.lazy.map { Bytes(text: $0.key) })
            scope.many?.insert(Bytes(text: key))
        }
        return true
    }

    /// A key of more bytes than a text holds in itself, if it came lately.
    func known(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt32) -> String? {
        guard !spelled.isEmpty else { return nil }
        let key = spelled[Int(hash % JSONKeyPool.places)]
        return JSONKey.isEqual(key, bytes) ? key : nil
    }

    /// Remembers such a key.
    mutating func remember(_ key: String, hash: UInt32) {
        if spelled.isEmpty { spelled = [String](repeating: "", count: Int(JSONKeyPool.places)) }
        spelled[Int(hash % JSONKeyPool.places)] = key
    }
}
