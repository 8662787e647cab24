// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

@testable import Orchestrator

/// One endpoint of a small chain: honest by default, any answer can be made another.
struct FakeEndpoint: Chain {
    static let app = World.app
    static let hash = Bytes32.keccak256([1])
    static let transaction = TransactionHash(Bytes32.keccak256([2]))

    var endpointName = "https://rpc.example"
    /// What every question fails with.
    var fault: ChainFault?
    /// Never answers until it is cancelled.
    var isSilent = false
    var headNumber: UInt64 = 20
    var baseFee: UInt256 = 10
    var hasCode = true
    var owner: Address? = .zero
    var isAllowed = true
    var tip: UInt256 = 1
    var gas: UInt64? = 50_000
    var count: UInt64 = 7
    var balance: UInt256 = 1_000
    var verdict = SendVerdict.accepted
    var receipt: Receipt? = FakeEndpoint.receipt(block: 12)
    var blockHash = BlockHash(Bytes32.keccak256([12]))
    var spent: SpentNonce?
    var start = ContractStart.created(3)
    var entries: [AppLogEntry]? = []
    var kmsKey: [UInt8]? = [1, 2, 3]
    var revert: RevertReason?
    var safe: (@Sendable (SafeQuery) -> SafeStanding)?

    /// A receipt in a block.
    static func receipt(block: UInt64, isSuccess: Bool = true, fork: UInt8 = 0) -> Receipt {
        Receipt(
            transactionHash: transaction, blockHash: BlockHash(Bytes32.keccak256([UInt8(clamping: block), fork])),
            blockNumber: block, from: .zero, to: app, isSuccess: isSuccess, gasUsed: 1, effectiveGasPrice: 1, logs: [])
    }

    private func answering<Value>(_ value: Value, at block: UInt64 = 0) async throws(ChainFault) -> Value {
        if isSilent {
            do { try await Task.sleep(for: .seconds(3600)) } catch { throw .unavailable("cancelled") }
        }
        if let fault { throw fault }
        guard block <= headNumber else { throw .unavailable("header not found") }
        return value
    }

    func turnToAnotherEndpoint() {}

    func head() async throws(ChainFault) -> ChainHead {
        try await answering(ChainHead(number: headNumber, baseFeePerGas: baseFee))
    }

    func examine(_ query: Examination) async throws(ChainFault) -> Findings {
        try await answering(
            Findings(
                head: ChainHead(number: headNumber, baseFeePerGas: baseFee), hasCode: hasCode, owner: owner,
                isInEffect: isAllowed, isBaseAllowed: true, isRegistered: nil,
                simulationRevert: nil, gasEstimate: gas, suggestedTip: tip, l1Fee: 0,
                account: AccountState(countAtDepth: count, countAtHead: count, countPending: count, balance: balance)),
            at: query.depthBlock)
    }

    func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict { try await answering(verdict) }

    func look(for query: Lookout) async throws(ChainFault) -> Sighting {
        var receipts: [TransactionHash: Receipt] = [:]
        if let receipt, receipt.blockNumber <= headNumber { receipts[Self.transaction] = receipt }
        let blocks = query.blocks.filter { $0 <= headNumber }
        return try await answering(
            Sighting(
                head: ChainHead(number: headNumber, baseFeePerGas: baseFee), receipts: receipts,
                known: Set(receipts.keys), countAtHead: count,
                blockHashes: Dictionary(uniqueKeysWithValues: blocks.map { ($0, blockHash) }),
                isInEffect: query.question.map { _ in isAllowed }),
            at: query.question?.block ?? 0)
    }

    func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce? { try await answering(spent, at: last) }

    func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt? { try await answering(receipt, at: last) }

    func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? {
        try await answering(kmsKey, at: block)
    }

    func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason? { try await answering(revert, at: block) }
}
