// SPDX-License-Identifier: Apache-2.0

/// A Safe transaction that owners are asked to sign, with the signatures collected so far.
///
/// It holds only what can be said in words: calls to the writing functions of DstackApp, one or several in a batch, with
/// no refund of gas. Everything in it that a signature covers is computed from the transaction; whoever reads one from a
/// file gets the same checks.
public struct SafeProposal: Sendable, Hashable {
    /// One call, as its owner should understand it.
    public struct Call: Sendable, Hashable {
        /// The app's contract.
        public let contract: Address

        /// What is called there.
        public let call: DstackAppCall

        /// Names a call.
        public init(contract: Address, call: DstackAppCall) {
            self.contract = contract
            self.call = call
        }

        /// What the call does, in one clause.
        public var words: String { "\(call.words) on the app \(contract.checksummed)" }
    }

    /// What is signed.
    public let transaction: SafeTransaction

    /// The chain.
    public let chainID: UInt64

    /// The version of the Safe's code when it was proposed.
    public let version: SafeVersion

    /// How many owners had to sign when it was proposed.
    public let threshold: UInt64

    /// Who could sign when it was proposed, in the Safe's order.
    public let owners: [Address]

    /// The head's number when it was proposed: a search for the execution starts here.
    public private(set) var proposedAtBlock: UInt64

    /// The operation that it approves, by the name that it has in the store of whoever proposed it.
    public let operation: String?

    /// What the transaction does, in order.
    public let calls: [Call]

    /// The signatures, owners ascending; of each at most one, and each of one of ``owners``.
    public private(set) var signatures: [SafeSignature]

    /// The hash that owners sign.
    public var hash: Bytes32 { transaction.digest }

    /// Whether as many owners have signed as had to when it was proposed.
    public var isComplete: Bool { UInt64(signatures.count) >= threshold }

    /// The contract whose code runs as the Safe, to make several calls in one; `nil` for a single call.
    public var batchContract: Address? { transaction.operation == .delegateCall ? transaction.to : nil }

    /// Describes a proposal without signatures.
    public init(
        transaction: SafeTransaction, version: SafeVersion, threshold: UInt64, owners: [Address],
        proposedAtBlock: UInt64, operation: String? = nil
    ) throws(SafeProposalError) {
        guard let chainID = UInt64(exactly: transaction.chainID) else { throw .chainID }
        guard version.isSupported else { throw .unsupportedVersion(version) }
        guard Set(owners).count == owners.count, (1...UInt64(max(owners.count, 1))).contains(threshold),
            !owners.isEmpty, !owners.contains(.zero)
        else { throw .invalidOwners }
        guard transaction.refundsNothing else { throw .refund }
        calls = try Self.calls(of: transaction)
        self.chainID = chainID
        self.transaction = transaction
        self.version = version
        self.threshold = threshold
        self.owners = owners
        self.proposedAtBlock = proposedAtBlock
        self.operation = operation
        signatures = []
    }

    /// Adds an owner's signature; one that is there already is kept.
    ///
    /// - Throws: ``SafeProposalError/notAnOwner(_:)`` unless the signature leads to one of ``owners``.
    public mutating func add(_ signature: Signature) throws(SafeProposalError) {
        let found: SafeSignature
        do { found = try SafeSignature(signature, over: transaction) } catch { throw .signature(error) }
        guard owners.contains(found.owner) else { throw .notAnOwner(found.owner) }
        guard !signatures.contains(where: { $0.owner == found.owner }) else { return }
        signatures.append(found)
        signatures.sort { $0.owner < $1.owner }
    }

    /// Takes over the signatures of another copy of the same transaction, and the earlier of the two blocks.
    ///
    /// - Throws: ``SafeProposalError/anotherProposal(_:)`` or ``SafeProposalError/otherOwners`` when it is none.
    public mutating func merge(_ other: SafeProposal) throws(SafeProposalError) {
        guard other.hash == hash else { throw .anotherProposal(other.hash) }
        guard other.owners == owners, other.threshold == threshold, other.version == version else { throw .otherOwners }
        proposedAtBlock = min(proposedAtBlock, other.proposedAtBlock)
        for signature in other.signatures {
            if case .ecdsa(let proof) = signature.proof { try add(proof) }
        }
    }

    /// The call that a single call needs, or the batch of several, as the Safe's own transaction.
    public static func transaction(
        _ calls: [Call], safe: Address, chainID: UInt64, nonce: UInt256, batchContract: Address
    ) -> SafeTransaction {
        let chain = UInt256(chainID)
        if calls.count == 1, let only = calls.first {
            return SafeTransaction(
                chainID: chain, safe: safe, to: only.contract, data: only.call.calldata, nonce: nonce)
        }
        let batch = calls.map { MultiSendCall(to: $0.contract, data: $0.call.calldata) }
        return SafeTransaction(
            chainID: chain, safe: safe, to: batchContract, data: MultiSend.calldata(batch), operation: .delegateCall,
            nonce: nonce)
    }

    /// The calls that a transaction makes, in order.
    ///
    /// - Throws: ``SafeProposalError/unknownCall(_:)`` or ``SafeProposalError/value`` unless all of them can be put in
    ///   words.
    public static func calls(of transaction: SafeTransaction) throws(SafeProposalError) -> [Call] {
        switch transaction.operation {
        case .call:
            guard transaction.value.isZero else { throw .value }
            return [try call(to: transaction.to, data: transaction.data)]
        case .delegateCall:
            guard let batch = MultiSend.calls(inCalldata: transaction.data), !batch.isEmpty else {
                throw .unknownCall(transaction.to)
            }
            var calls: [Call] = []
            for inner in batch {
                guard inner.value.isZero, transaction.value.isZero else { throw .value }
                guard inner.operation == .call else { throw .unknownCall(inner.to) }
                calls.append(try call(to: inner.to, data: inner.data))
            }
            return calls
        }
    }

    private static func call(to contract: Address, data: [UInt8]) throws(SafeProposalError) -> Call {
        guard let call = DstackAppCall(calldata: data) else { throw .unknownCall(contract) }
        return Call(contract: contract, call: call)
    }
}

extension SafeTransaction {
    /// Whether nobody is paid for sending it, and the call gets all the gas there is: a failing call then undoes
    /// everything, the Safe's nonce included (Safe contracts, error GS013).
    public var refundsNothing: Bool {
        safeTxGas.isZero && baseGas.isZero && gasPrice.isZero && gasToken == .zero && refundReceiver == .zero
    }
}
