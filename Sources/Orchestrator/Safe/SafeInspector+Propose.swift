// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx

extension SafeInspector {
    /// What is to be proposed.
    public struct Order: Sendable, Hashable {
        /// The Safe.
        public let safe: Address
        /// What it is to do, in order.
        public let calls: [SafeProposal.Call]
        /// The nonce; `nil` takes the Safe's next.
        public let nonce: UInt256?
        /// The contract that makes several calls in one; `nil` looks for a published one.
        public let batchContract: Address?
        /// The operation that is approved by it.
        public let operation: OperationID?

        /// States an order.
        public init(
            safe: Address, calls: [SafeProposal.Call], nonce: UInt256? = nil, batchContract: Address? = nil,
            operation: OperationID? = nil
        ) {
            self.safe = safe
            self.calls = calls
            self.nonce = nonce
            self.batchContract = batchContract
            self.operation = operation
        }
    }

    /// The transaction that owners are to sign; `nil` when all of it is in effect already.
    ///
    /// - Throws: ``Failure`` when the Safe is none, is too old, may not make the calls, or would see them revert.
    public func propose(_ order: Order) async throws(Failure) -> SafeProposal? {
        let head = try await ask { chain throws(ChainFault) in try await chain.head() }.number
        let candidates = Self.batchContracts(order)
        let writes = try Self.writes(order)
        let query = SafeQuery(
            safe: order.safe, writes: writes, batchContracts: candidates,
            sample: SafeProposal.transaction(
                order.calls, safe: order.safe, chainID: chainID, nonce: order.nonce ?? 0,
                batchContract: candidates.first ?? .zero),
            block: limits.depthBlock(head: head))
        let standing = try await ask { chain throws(ChainFault) in try await chain.standing(of: query) }
        let safe = try refuseStranger(standing, query)
        if standing.isInEffect { return nil }
        try refuseProspects(standing, query)
        if let nonce = order.nonce, nonce < safe.nonce {
            throw Failure(
                .usage, "The Safe's nonce is \(safe.nonce.decimal) already, so \(nonce.decimal) can never be executed.",
                hint: "Leave --nonce away for the next one.")
        }
        // What is in effect already is left out of the batch.
        let calls = zip(order.calls, standing.prospects).filter { !$0.1.isInEffect }.map(\.0)
        let batch = calls.count > 1 ? try batchContract(order, safe.version, standing, candidates) : .zero
        do {
            return try SafeProposal(
                transaction: SafeProposal.transaction(
                    calls, safe: order.safe, chainID: chainID, nonce: order.nonce ?? safe.nonce, batchContract: batch),
                version: safe.version, threshold: safe.threshold, owners: safe.owners, proposedAtBlock: head,
                operation: order.operation?.text)
        } catch { throw Failure(.internalError, "The transaction cannot be proposed: \(error).") }
    }

    private static func writes(_ order: Order) throws(Failure) -> [SafeExecution.Write] {
        var writes: [SafeExecution.Write] = []
        for call in order.calls {
            guard let write = AppWrite(call.call, by: order.safe) else {
                throw Failure(.internalError, "\(call.call.signature) changes nothing that a Safe could be asked for.")
            }
            writes.append(SafeExecution.Write(app: call.contract, write: write))
        }
        return writes
    }

    /// The contracts that could make several calls in one, none for a single call.
    private static func batchContracts(_ order: Order) -> [Address] {
        guard order.calls.count > 1 else { return [] }
        if let named = order.batchContract { return [named] }
        let versions = [SafeVersion(major: 1, minor: 4, patch: 1), .oldest]
        return versions.flatMap { MultiSendDeployment.callOnly(for: $0) }.map(\.address)
    }

    /// A published contract with its published code, or the one that the operator named.
    private func batchContract(
        _ order: Order, _ version: SafeVersion, _ standing: SafeStanding, _ candidates: [Address]
    ) throws(Failure) -> Address {
        let codes = Dictionary(zip(candidates, standing.batchCodeHashes)) { first, _ in first }
        if let named = order.batchContract {
            guard codes[named] != .some(nil) else {
                throw Failure(
                    .noContract, "There is no code at \(named.checksummed), so no batch can be made there.",
                    hint: "Check --multi-send.")
            }
            return named
        }
        let published = MultiSendDeployment.callOnly(for: version)
        guard let found = published.first(where: { codes[$0.address] == $0.codeHash }) else {
            let places = published.map(\.address.checksummed).joined(separator: ", ")
            throw Failure(
                .unsupportedSafe,
                "Several calls need the contract MultiSendCallOnly, and its published code is at none of its published "
                    + "addresses on chain \(chainID): \(places).",
                hint: "Name a contract that you know with --multi-send; its code runs as the Safe.")
        }
        return found.address
    }

    private func refuseProspects(_ standing: SafeStanding, _ query: SafeQuery) throws(Failure) {
        for (item, prospect) in zip(query.writes, standing.prospects) where !prospect.isInEffect {
            guard prospect.authority == query.safe else {
                throw Failure(
                    .ownerMismatch,
                    "\(item.app.checksummed) belongs to \(prospect.authority?.checksummed ?? "nobody"), not to the Safe "
                        + "\(query.safe.checksummed). Nothing was proposed.",
                    hint: "Name the Safe that owns the contract with --safe.")
            }
            if let reason = prospect.revert {
                throw Failure(
                    .simulationReverted,
                    "The contract would refuse to \(item.write.function.words): \(reason). Nothing was proposed.",
                    hint: "Correct what the contract complains about, then propose again.")
            }
        }
    }
}
