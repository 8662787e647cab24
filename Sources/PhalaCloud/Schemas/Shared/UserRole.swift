// SPDX-License-Identifier: Apache-2.0

/// What a person may do on the service.
public enum UserRole: OpenWord {
    /// Everything, in every workspace.
    case admin
    /// What the role in a workspace allows.
    case user
    /// A role that this version does not know.
    case other(String)

    /// The word as the service spells it.
    public var word: String {
        switch self {
        case .admin: "admin"
        case .user: "user"
        case .other(let word): word
        }
    }

    /// Recognises a word.
    public init(word: String) {
        switch word {
        case "admin": self = .admin
        case "user": self = .user
        case let word: self = .other(word)
        }
    }
}
