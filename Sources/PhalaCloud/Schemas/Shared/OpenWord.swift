// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A word of the service from a list that may grow: known words are cases, any other survives as it is.
public protocol OpenWord: CloudSchema, Hashable {
    /// The word as the service spells it.
    var word: String { get }

    /// Recognises a word.
    init(word: String)
}

extension OpenWord {
    /// Reads any string.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self.init(word: try cursor.string())
    }
}

/// What kind of key management service holds the keys of a CVM.
public enum KmsType: OpenWord {
    /// The service's own, not on a chain.
    case phala
    /// Governed by contracts on Ethereum.
    case ethereum
    /// Governed by contracts on Base.
    case base
    /// The oldest kind.
    case legacy
    /// A kind that this version does not know.
    case other(String)

    /// The word as the service spells it.
    public var word: String {
        switch self {
        case .phala: "phala"
        case .ethereum: "ethereum"
        case .base: "base"
        case .legacy: "legacy"
        case .other(let word): word
        }
    }

    /// Recognises a word.
    public init(word: String) {
        switch word {
        case "phala": self = .phala
        case "ethereum": self = .ethereum
        case "base": self = .base
        case "legacy": self = .legacy
        case let word: self = .other(word)
        }
    }
}

/// How often a CVM is paid for.
public enum BillingPeriod: OpenWord {
    /// Not at all.
    case skip
    /// By the hour.
    case hourly
    /// By the month.
    case monthly
    /// A period that this version does not know.
    case other(String)

    /// The word as the service spells it.
    public var word: String {
        switch self {
        case .skip: "skip"
        case .hourly: "hourly"
        case .monthly: "monthly"
        case .other(let word): word
        }
    }

    /// Recognises a word.
    public init(word: String) {
        switch word {
        case "skip": self = .skip
        case "hourly": self = .hourly
        case "monthly": self = .monthly
        case let word: self = .other(word)
        }
    }
}
