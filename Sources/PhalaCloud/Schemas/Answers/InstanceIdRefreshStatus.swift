// SPDX-License-Identifier: Apache-2.0

/// What became of a new instance id.
public enum InstanceIdRefreshStatus: OpenWord {
    /// There is a new one.
    case updated
    /// It is the one that was there.
    case unchanged
    /// The CVM was left out.
    case skipped
    /// The sources contradict each other.
    case conflict
    /// It failed.
    case error
    /// A word that this version does not know.
    case other(String)

    /// The word as the service spells it.
    public var word: String {
        switch self {
        case .updated: "updated"
        case .unchanged: "unchanged"
        case .skipped: "skipped"
        case .conflict: "conflict"
        case .error: "error"
        case .other(let word): word
        }
    }

    /// Recognises a word.
    public init(word: String) {
        switch word {
        case "updated": self = .updated
        case "unchanged": self = .unchanged
        case "skipped": self = .skipped
        case "conflict": self = .conflict
        case "error": self = .error
        case let word: self = .other(word)
        }
    }
}
