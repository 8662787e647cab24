// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// One text that an app-compose object may be hashed as, with all the ways that lead to it.
public struct ComposeCandidate: Sendable, Hashable {
    /// SHA-256 of the text.
    public let hash: ComposeHash

    /// What is hashed, UTF-8.
    public let canonicalText: String

    /// The ways that give this text, the likeliest first; never empty.
    public let serializations: [ComposeSerialization]

    /// The names of the ways, for people.
    public var label: String { serializations.map(\.label).joined(separator: ", ") }
}

/// All hashes that an app-compose object may have.
public enum ComposeCandidates {
    /// The different texts with their hashes, the likeliest first.
    public static func of(_ object: JSONObject) -> [ComposeCandidate] {
        var candidates: [ComposeCandidate] = []
        for serialization in ComposeSerialization.all {
            let text = serialization.canonicalText(of: object)
            if let place = candidates.firstIndex(where: { $0.canonicalText.utf8.elementsEqual(text.utf8) }) {
                let known = candidates[place]
                candidates[place] = ComposeCandidate(
                    hash: known.hash, canonicalText: known.canonicalText,
                    serializations: known.serializations + [serialization])
            } else {
                candidates.append(
                    ComposeCandidate(
                        hash: ComposeHash(hashing: text), canonicalText: text, serializations: [serialization]))
            }
        }
        return candidates
    }

    /// The ways in which an object has a hash; none if it has that hash in no known way.
    ///
    /// Give these of a CVM's present object to ``serialization(of:giving:among:)`` for its next one: a service
    /// does not change its serialisation between two updates.
    public static func serializations(of object: JSONObject, giving hash: ComposeHash) -> [ComposeSerialization] {
        of(object).first { $0.hash == hash }?.serializations ?? []
    }

    /// The first of some ways in which an object has a hash.
    public static func serialization(
        of object: JSONObject, giving hash: ComposeHash, among ways: [ComposeSerialization]
    ) -> ComposeSerialization? {
        ways.first { $0.hash(of: object) == hash }
    }
}
