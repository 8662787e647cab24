// SPDX-License-Identifier: Apache-2.0

public import EthTx

/// What a watcher of an operation is told.
public enum Progress: Sendable {
    /// An event moved the operation, and the store has it.
    case advanced(Operation, by: Event)

    /// Nothing moved; what is being waited for, in a few words.
    case waiting(Operation, for: String)
}

/// What a resumed operation may assume about a change whose outcome nobody can tell.
public enum UnknownOutcome: Sendable, Hashable {
    /// Stop and ask.
    case ask
    /// The operator is sure that it was not applied: send it again.
    case sendAgain
    /// The operator is sure that it was applied.
    case assumeApplied
}

/// How one invocation works on an operation.
public struct RunOptions: Sendable, Hashable {
    /// How long it waits in all; the operation stays resumable.
    public var timeout: Duration

    /// A fixed pause between two looks; `nil` adapts to the chain's blocks.
    public var pollInterval: Duration?

    /// What to do with an outcome that nobody can tell.
    public var unknownOutcome: UnknownOutcome

    /// A device that the operator has accepted for a replica since the operation was created.
    public var acceptedDevice: Bytes32?

    /// What the operator says anew of the operation's limits and goal; it is stored before the next step.
    public var terms: Terms?

    /// Whether an operation that awaits approval is to be finished: a look for the registration on chain.
    public var approval: Approval?

    /// How somebody else's registration is found.
    public struct Approval: Sendable, Hashable {
        /// What the operator says about it.
        public var proof: Proof

        /// Whether to wait until the hash is registered.
        public var waits: Bool

        /// How long the work may take after a wait; `nil` when it has to be done in the time of the wait.
        public var rest: Duration?

        /// Where the proof comes from.
        public enum Proof: Sendable, Hashable {
            /// Look for it: the contract's state, then its log.
            case search
            /// The operator names the transaction, 32 bytes.
            case transaction([UInt8])
            /// The state of the contract is enough.
            case alreadyRegistered
        }

        /// Describes a search.
        public init(proof: Proof = .search, waits: Bool = false, rest: Duration? = nil) {
            self.proof = proof
            self.waits = waits
            self.rest = rest
        }
    }

    /// Options of a run.
    public init(
        timeout: Duration = .seconds(600), pollInterval: Duration? = nil, unknownOutcome: UnknownOutcome = .ask,
        approval: Approval? = nil, acceptedDevice: Bytes32? = nil, terms: Terms? = nil
    ) {
        self.timeout = timeout
        self.pollInterval = pollInterval
        self.unknownOutcome = unknownOutcome
        self.approval = approval
        self.acceptedDevice = acceptedDevice
        self.terms = terms
    }
}
