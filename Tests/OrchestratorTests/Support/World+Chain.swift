// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

@testable import Orchestrator

/// The chain, as honest as the state says.
struct WorldChain: Chain {
    let world: World

    private static let off = ChainFault.unavailable("the power is off")

    fileprivate func answer<Value: Sendable>(
        _ name: String, _ body: (inout World.State) -> Value
    ) throws(ChainFault) -> Value {
        let answer = world.powered(name) { state -> Result<Value, ChainFault> in
            if let fault = state.chainFault { return .failure(fault) }
            return .success(body(&state))
        }
        guard let answer else { throw Self.off }
        return try answer.get()
    }

    var endpointName: String { "https://rpc.example" }

    func turnToAnotherEndpoint() {}

    func head() async throws(ChainFault) -> ChainHead {
        try answer("head") { ChainHead(number: $0.head, baseFeePerGas: $0.baseFee) }
    }

    func examine(_ query: Examination) async throws(ChainFault) -> Findings {
        try answer("examine") { state in
            state.examinations += 1
            let behind: UInt64 = state.examinations == state.staleExamination ? 1 : 0
            return Findings(
                head: ChainHead(number: state.head - behind, baseFeePerGas: state.baseFee),
                hasCode: state.hasCode,
                owner: query.call.authority == .pendingOwner ? state.pendingOwner : state.owner,
                isInEffect: query.effect.holds(state.isTrue) && query.depthBlock >= state.saysSoFrom,
                isBaseAllowed: query.depthBlock >= state.saysSoFrom
                    && query.baseHash.map(state.allowed.contains) ?? false,
                isRegistered: query.kms == nil ? nil : state.isRegistered, simulationRevert: state.simulationRevert,
                gasEstimate: 50_000, suggestedTip: 1_000_000, l1Fee: 0,
                account: query.signer.map { signer in
                    let count = state.minedNonces[signer, default: 0]
                    let pooled = Set(
                        state.pool.filter { World.sender(of: $0) == signer }.map(\.transaction.nonce))
                    var pending = count
                    while pooled.contains(pending) { pending += 1 }
                    return AccountState(
                        countAtDepth: count, countAtHead: count, countPending: pending,
                        balance: state.balance)
                })
        }
    }

    func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict {
        try answer("send") { state in
            guard let signed = World.decoded(raw), let sender = World.sender(of: signed) else {
                return .rejected("cannot be read")
            }
            if let verdict = state.refusesSends { return verdict }
            state.sent.append(signed)
            if state.mined[signed.hash] != nil || state.pool.contains(where: { $0.hash == signed.hash }) {
                return .alreadyKnown
            }
            guard signed.transaction.nonce >= state.minedNonces[sender, default: 0] else { return .nonceTooLow }
            state.pool.removeAll {
                World.sender(of: $0) == sender && $0.transaction.nonce == signed.transaction.nonce
            }
            state.pool.append(signed)
            return .accepted
        }
    }

    func look(for query: Lookout) async throws(ChainFault) -> Sighting {
        try answer("look") { state in
            if query.question != nil { state.questionBlocks.append(query.question?.block) }
            state.looksBeforeStale = state.looksBeforeStale.map { $0 - 1 }
            let isStale = state.looksBeforeStale == -1
            let receipts = state.mined.filter { query.hashes.contains($0.key) }
            let pooled = Set(state.pool.map(\.hash)).intersection(query.hashes)
            return Sighting(
                head: ChainHead(number: isStale ? state.head - 1 : state.head, baseFeePerGas: state.baseFee),
                receipts: receipts,
                known: pooled.union(receipts.keys),
                countAtHead: query.signer.map { state.minedNonces[$0, default: 0] },
                blockHashes: Dictionary(
                    uniqueKeysWithValues: query.blocks.filter { $0 <= state.head }.map { ($0, state.blockHash($0)) }),
                isInEffect: query.question.map { question in
                    !isStale && question.fact.holds(state.isTrue)
                        && question.block.map { $0 >= state.saysSoFrom } ?? true
                })
        }
    }

    func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce? {
        try answer("spender") { state in
            guard let spending = state.spentElsewhere[nonce], (first...last).contains(spending.blockNumber) else {
                return nil
            }
            let block = state.isSpenderStale ? BlockHash(Bytes32.keccak256([0])) : state.blockHash(spending.blockNumber)
            return SpentNonce(hash: spending.hash, blockNumber: spending.blockNumber, blockHash: block)
        }
    }

    func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt? {
        try answer("transaction") { state in state.mined.values.first(where: call.isProven) }
    }

    func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason? {
        try answer("revertReason") { $0.simulationRevert }
    }
}

extension World.State {
    /// What the app's contract says.
    func isTrue(_ fact: ContractFact) -> Bool {
        switch fact {
        case .allowsHash(let hash, _): allowed.contains(hash)
        case .allowsDevice(let device, _): devices.contains(device)
        case .allowsAnyDevice: allowsAnyDevice
        case .isOwner(let account, _): owner == account
        case .isPendingOwner(let account, _): pendingOwner == account
        case .not, .all, .any: false
        }
    }
}

extension WorldChain {
    func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? {
        try answer("kms") { $0.kmsKeys[contract] }
    }
}

extension World: ChainProvider {
    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain {
        WorldChain(world: self)
    }

    static func decoded(_ raw: [UInt8]) -> SignedTransaction? {
        do { return try SignedTransaction(decoding: raw) } catch { return nil }
    }
}
