// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What stands behind an address, and so how it can be made to act.
public enum AccountKind: Sendable, Hashable {
    /// A key: there is no code.
    case key
    /// A key whose account borrows code (EIP-7702); it signs transactions like any other.
    case delegatedKey(to: Address)
    /// A Safe, whose owners sign together.
    case safe(SafeAccount)
    /// Another contract: a timelock, a DAO, a proxy of somebody's.
    case contract

    /// Whether a key signs transactions of the account.
    public var isKey: Bool {
        switch self {
        case .key, .delegatedKey: true
        case .safe, .contract: false
        }
    }

    /// Reads code; `nil` for code of a contract, which has to be asked what it is.
    ///
    /// A delegation is `0xef0100` and an address (EIP-7702).
    init?(code: [UInt8]) {
        if code.isEmpty {
            self = .key
        } else if code.count == 23, code.starts(with: [0xef, 0x01, 0x00]),
            let target = Address(bytes: Array(code[3...]))
        {
            self = .delegatedKey(to: target)
        } else {
            return nil
        }
    }
}

/// A Safe as its contract describes itself.
public struct SafeAccount: Sendable, Hashable {
    /// What `VERSION()` returns, such as `1.4.1`; at most 40 characters, fit for a terminal.
    public let version: String

    /// How many owners have to sign.
    public let threshold: UInt64

    /// Who may sign.
    public let owners: [Address]

    /// How many transactions it has made.
    public let nonce: UInt64

    /// Describes a Safe.
    public init(version: String, threshold: UInt64, owners: [Address], nonce: UInt64) {
        self.version = version
        self.threshold = threshold
        self.owners = owners
        self.nonce = nonce
    }
}

/// An account at a block.
public struct AccountStanding: Sendable, Hashable {
    /// What stands behind the address.
    public let kind: AccountKind

    /// How many transactions it has sent, or contracts it has made.
    public let transactionCount: UInt64

    /// Describes an account.
    public init(kind: AccountKind, transactionCount: UInt64) {
        self.kind = kind
        self.transactionCount = transactionCount
    }

    /// Whether the chain knows nothing of it: no code and no transaction.
    public var isUnheardOf: Bool { kind == .key && transactionCount == 0 }
}
