// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

extension JSON {
    /// The greatest integer that every JSON reader keeps exactly.
    private static let exactLimit: UInt64 = 1 << 53

    /// A count or an index: a number, or decimal text beyond 2^53.
    init(count value: UInt64) {
        self = value <= Self.exactLimit ? .number(JSONNumber(value)) : .string(String(value))
    }

    /// A count; null when there is none.
    init(count value: UInt64?) {
        self = value.map { JSON(count: $0) } ?? .null
    }

    /// An amount of wei, as decimal text.
    init(wei value: UInt256?) {
        self = value.map { .string($0.decimal) } ?? .null
    }

    /// A text; null when there is none.
    init(text value: String?) {
        self = value.map { .string($0) } ?? .null
    }

    /// An address in lower-case hex; null when there is none.
    init(address value: Address?) {
        self = value.map { .string($0.hex) } ?? .null
    }

    /// A hash in lower-case hex; null when there is none.
    init<Hash: Hash32>(hash value: Hash?) {
        self = value.map { .string($0.hex) } ?? .null
    }

    /// A moment in RFC 3339; null when there is none.
    init(time value: Timestamp?) {
        self = value.map { .string($0.description) } ?? .null
    }
}

extension JSONObject {
    /// The start of an event for programs.
    static func event(_ name: String) -> JSONObject {
        var object = JSONObject()
        object["event"] = .string(name)
        return object
    }

    /// A result that is one answer of a service, as it came.
    static func data(_ value: JSON) -> JSONObject {
        var object = event("result")
        object["data"] = value
        return object
    }
}
