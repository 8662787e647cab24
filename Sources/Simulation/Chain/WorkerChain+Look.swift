// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Orchestrator

/// What a process asks after it has signed.
extension WorkerChain {
    func look(for query: Lookout) async throws(ChainFault) -> Sighting {
        try await ask("look") { (view) throws(ChainFault) in
            var receipts: [TransactionHash: Receipt] = [:]
            var known: Set<TransactionHash> = []
            for hash in query.hashes {
                guard let index = chain.byHash[hash] else { continue }
                if let placement = chain.placement(of: index, in: view.branch) {
                    receipts[hash] = receipt(placement, view.branch)
                    known.insert(hash)
                } else if chain.pools(index, endpoint: view.endpoint) {
                    known.insert(hash)
                }
            }
            var blockHashes: [UInt64: BlockHash] = [:]
            for number in query.blocks { blockHashes[number] = view.branch.hash(of: number) }
            return Sighting(
                head: head(view), receipts: receipts, known: known,
                countAtHead: query.signer.map {
                    chain.count(of: world.plan.signer(at: $0), at: view.branch.head, in: view.branch)
                },
                blockHashes: blockHashes, isInEffect: try query.question.map(answer(view)))
        }
    }

    private func answer(_ view: View) -> (Lookout.Question) throws(ChainFault) -> Bool {
        { (question) throws(ChainFault) in
            let block = question.block ?? view.branch.head
            guard block <= view.branch.head else { throw .unavailable("header not found") }
            return question.fact.holds { isTrue($0, at: block, in: view.branch) }
        }
    }

    /// What an app's contract says at a block; offers of ownership are not simulated.
    func isTrue(_ fact: ContractFact, at block: UInt64, in branch: Branch) -> Bool {
        switch fact {
        case .allowsHash(let hash, let contract):
            chain.app(at: contract).map { chain.allows(hash, app: $0, at: block, in: branch) } ?? false
        case .allowsDevice(let device, let contract):
            chain.app(at: contract).map { chain.lists(device, app: $0, at: block, in: branch) } ?? false
        case .allowsAnyDevice(let contract):
            chain.app(at: contract).map { chain.allowsAnyDevice(app: $0, at: block, in: branch) } ?? false
        case .isOwner(let account, let contract):
            chain.app(at: contract).flatMap { chain.owner(of: $0, at: block, in: branch) }
                .map(SimulatedSigner.address) == account
        case .isPendingOwner, .not, .all, .any: false
        }
    }

    private func receipt(_ placement: Placement, _ branch: Branch) -> Receipt {
        let transaction = chain.transactions[placement.transaction]
        let blockHash = branch.hash(of: placement.block) ?? BlockHash(.zero)
        var logs: [Log] = []
        if placement.isSuccess, let to = transaction.to, let (topic, word) = Self.event(of: transaction.call) {
            logs = [
                Log(
                    address: to, topics: [topic], data: word.bytes, blockNumber: placement.block,
                    blockHash: blockHash, transactionHash: transaction.hash, logIndex: 0)
            ]
        }
        return Receipt(
            transactionHash: transaction.hash, blockHash: blockHash, blockNumber: placement.block,
            from: transaction.sender, to: transaction.to, isSuccess: placement.isSuccess, gasUsed: 50_000,
            effectiveGasPrice: UInt256(transaction.maxFee), logs: logs)
    }

    private static let added = DstackAppEvent.composeHashAddedTopic

    /// Topic and argument of the event that a write causes; a contract that is given away tells nobody.
    private static func event(of call: SimulatedTransaction.Call) -> (Bytes32, Bytes32)? {
        guard case .write(_, let write) = call else { return nil }
        switch write {
        case .hash(let hash, true): return (added, hash)
        case .hash(let hash, false): return (DstackAppEvent.composeHashRemovedTopic, hash)
        case .device(let device, true): return (DstackAppEvent.deviceAddedTopic, device)
        case .device(let device, false): return (DstackAppEvent.deviceRemovedTopic, device)
        case .anyDevice(let allows):
            return (DstackAppEvent.allowAnyDeviceSetTopic, UInt256(allows ? 1 : 0).bytes32)
        case .handOver: return nil
        }
    }

    func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce? {
        try await ask("spender") { (view) throws(ChainFault) in
            guard last <= view.branch.head else { throw .unavailable("header not found") }
            let index = world.plan.signer(at: signer)
            let found = view.branch.placements.first {
                $0.block >= first && $0.block <= last && chain.transactions[$0.transaction].signer == index
                    && chain.transactions[$0.transaction].nonce == nonce
            }
            guard let found, let block = view.branch.hash(of: found.block) else { return nil }
            return SpentNonce(
                hash: chain.transactions[found.transaction].hash, blockNumber: found.block, blockHash: block)
        }
    }

    func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt? {
        try await ask("transaction of a call") { (view) throws(ChainFault) in
            guard last <= view.branch.head else { throw .unavailable("header not found") }
            guard let wanted = chain.call(call) else { return nil }
            let found = view.branch.placements.last {
                $0.isSuccess && $0.block >= first && $0.block <= last
                    && chain.transactions[$0.transaction].call == wanted
            }
            return found.map { receipt($0, view.branch) }
        }
    }

    /// No KMS is named in the simulation.
    func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? { nil }

    func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason? {
        try await ask("revert reason") { (view) throws(ChainFault) in
            guard block <= view.branch.head else { throw .unavailable("header not found") }
            guard let app = chain.app(at: contract) else { return nil }
            let owner = chain.owner(of: app, at: block, in: view.branch)
            return owner.map(SimulatedSigner.address) == sender ? nil : .ownableUnauthorizedAccount(sender)
        }
    }
}
