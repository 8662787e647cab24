// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object, in the order in which they were written, each key once.
public struct JSONObject: Sendable {
    /// One key with its value.
    public struct Member: Sendable, Hashable {
        /// The key, compared byte by byte.
        public let key: String

        /// The value.
        public var value: JSON

        /// The hash of the key's bytes.
        let hash: UInt32

        /// Pairs a key with a value.
        public init(key: String, value: JSON) {
            self.init(key: key, hash: JSONKey.hash(key), value: value)
        }

        /// Pairs a key whose hash is known with a value.
        init(key: String, hash: UInt32, value: JSON) {
            self.key = key
            self.hash = hash
            self.value = value
        }

        /// Equal in the bytes of the key, and in the value.
        public static func == (left: Member, right: Member) -> Bool {
            left.hash == right.hash && JSONKey.areEqual(left.key, right.key) && left.value == right.value
        }

        /// Hashes the bytes of the key and the value.
        public func hash(into hasher: inout Hasher) {
            for byte in key.utf8 { hasher.combine(byte) }
            hasher.combine(value)
        }
    }

    /// The members in written order.
    public private(set) var members: [Member]

    /// An object without members.
    public init() {
        members = []
    }

    /// Takes over members whose keys are known to differ.
    package init(uniqueMembers: [Member]) {
        members = uniqueMembers
    }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there is no member.
    public var isEmpty: Bool { members.isEmpty }

    /// The keys in written order.
    public var keys: [String] { members.map(\.key) }

    /// The value of a key.
    ///
    /// Setting replaces the value in its place or appends the member; setting `nil` removes the member
    /// (to write a JSON null, set `.null`).
    public subscript(key: String) -> JSON? {
        get { place(of: key).map { members[$0].value } }
        set {
            switch (place(of: key), newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): break
            }
        }
    }

    private func place(of key: String) -> Int? {
        let hash = JSONKey.hash(key)
        return members.firstIndex { $0.hash == hash && JSONKey.areEqual($0.key, key) }
    }

    /// The same members ordered by the code points of their keys (the order of their UTF-8 bytes).
    public func sortedByKey() -> JSONObject {
        JSONObject(uniqueMembers: members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    }
}

extension JSONObject: Hashable {
    /// Equal when both have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.count == right.members.count && left.sortedByKey().members == right.sortedByKey().members
    }

    /// Hashes the members in key order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(sortedByKey().members)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// An object value; the last of equal keys wins.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}
