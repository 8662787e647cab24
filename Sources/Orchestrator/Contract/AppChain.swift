// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A chain that can be asked what an app's contract allows, who owns it, and how that came about.
///
/// Every fact is one of a block, so that answers of several endpoints, and of one at several moments, fit together.
public protocol AppChain: Chain {
    /// Owner and general settings of a contract at a block.
    func standing(of app: Address, atBlock block: UInt64) async throws(ChainFault) -> AppStanding

    /// What a contract answers to questions with a truth value, in their order; `false` where it reverts.
    func answers(
        to questions: [DstackAppCall], by app: Address, atBlock block: UInt64
    ) async throws(ChainFault) -> [Bool]

    /// What stands behind an address at a block.
    func account(_ address: Address, atBlock block: UInt64) async throws(ChainFault) -> AccountStanding

    /// The first block at whose end there is code at an address, found by bisection.
    func start(of contract: Address, through last: UInt64) async throws(ChainFault) -> ContractStart

    /// The events of a contract in a range of blocks, in the order of the chain; `nil` when the endpoint does not search
    /// so many blocks within so many requests.
    func events(
        of app: Address, topics: [Bytes32], from first: UInt64, through last: UInt64, requestLimit: Int
    ) async throws(ChainFault) -> [AppLogEntry]?
}

/// Owner and general settings of an app's contract.
public struct AppStanding: Sendable, Hashable {
    /// How ownership passes.
    public enum Transfer: Sendable, Hashable {
        /// At once, when the owner says so.
        case oneStep
        /// When the account to which it is offered accepts; `nil` while it is offered to nobody.
        case twoSteps(pending: Address?)
    }

    /// Whether there is code at the address.
    public let hasCode: Bool

    /// The owner; `nil` when the contract names none.
    public let owner: Address?

    /// How ownership passes.
    public let transfer: Transfer

    /// Whether every device may boot the app; `nil` when the contract does not say.
    public let allowsAnyDevice: Bool?

    /// Describes a contract.
    public init(hasCode: Bool, owner: Address?, transfer: Transfer, allowsAnyDevice: Bool?) {
        self.hasCode = hasCode
        self.owner = owner
        self.transfer = transfer
        self.allowsAnyDevice = allowsAnyDevice
    }

    /// To whom the contract is offered.
    public var pendingOwner: Address? {
        switch transfer {
        case .oneStep: nil
        case .twoSteps(let pending): pending
        }
    }
}

/// Where the history of a contract begins, as far as an endpoint tells.
public enum ContractStart: Sendable, Hashable {
    /// It was created in this block.
    case created(UInt64)
    /// It was there in this block already, the first of whose state the endpoint tells.
    case knownSince(UInt64)
}

/// An event of a contract, and where it stands.
public struct AppLogEntry: Sendable, Hashable {
    /// The event.
    public let event: DstackAppEvent

    /// Its block.
    public let blockNumber: UInt64

    /// Its transaction.
    public let transactionHash: TransactionHash

    /// Its position among the logs of its block.
    public let logIndex: UInt64

    /// Describes an entry.
    public init(event: DstackAppEvent, blockNumber: UInt64, transactionHash: TransactionHash, logIndex: UInt64) {
        self.event = event
        self.blockNumber = blockNumber
        self.transactionHash = transactionHash
        self.logIndex = logIndex
    }
}
