// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// A chain that can be asked about a Safe and what it may do.
public protocol SafeChain: Chain {
    /// What a Safe and the contracts that it is to call say, all at one block but the simulation, which is at the
    /// newest.
    func standing(of query: SafeQuery) async throws(ChainFault) -> SafeStanding
}

/// What to find out about a Safe.
public struct SafeQuery: Sendable, Hashable {
    /// The Safe.
    public let safe: Address

    /// What it is to do.
    public let writes: [SafeExecution.Write]

    /// Contracts whose code may make several calls in one.
    public let batchContracts: [Address]

    /// A transaction that the Safe is asked to hash.
    public let sample: SafeTransaction

    /// The block at which facts count.
    public let block: UInt64

    /// States a question.
    public init(
        safe: Address, writes: [SafeExecution.Write], batchContracts: [Address], sample: SafeTransaction, block: UInt64
    ) {
        self.safe = safe
        self.writes = writes
        self.batchContracts = batchContracts
        self.sample = sample
        self.block = block
    }
}

/// What a Safe and the contracts that it is to call say; `nil` where one reverts or answers otherwise than it must.
public struct SafeStanding: Sendable, Hashable {
    /// What was found out about one write.
    public struct Prospect: Sendable, Hashable {
        /// Who may make it, by the contract's word.
        public let authority: Address?
        /// Whether it is in effect already.
        public let isInEffect: Bool
        /// Why it would revert if the Safe made it now; `nil` when it would not.
        public let revert: RevertReason?
    }

    /// Whether there is code at the Safe's address.
    public let hasCode: Bool

    /// The version of its code.
    public let version: SafeVersion?

    /// How many owners have to sign.
    public let threshold: UInt64?

    /// Who may sign.
    public let owners: [Address]?

    /// The nonce of its next transaction.
    public let nonce: UInt256?

    /// Its hash of the sample.
    public let sampleHash: Bytes32?

    /// Each write, in order.
    public let prospects: [Prospect]

    /// Keccak-256 of the code of each batch contract, in order; `nil` where there is none.
    public let batchCodeHashes: [Bytes32?]
}

extension SafeStanding {
    /// Whether all writes are in effect.
    public var isInEffect: Bool { prospects.allSatisfy(\.isInEffect) }
}
