// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

@testable import Orchestrator

extension FakeEndpoint: AppChain, SafeChain {
    func standing(of app: Address, atBlock block: UInt64) async throws(ChainFault) -> AppStanding {
        AppStanding(hasCode: hasCode, owner: owner, transfer: .twoSteps(pending: nil), allowsAnyDevice: isAllowed)
    }

    func answers(
        to questions: [DstackAppCall], by app: Address, atBlock block: UInt64
    ) async throws(ChainFault) -> [Bool] { questions.map { _ in isAllowed } }

    func account(_ address: Address, atBlock block: UInt64) async throws(ChainFault) -> AccountStanding {
        AccountStanding(kind: hasCode ? .contract : .key, transactionCount: count)
    }

    func start(of contract: Address, through last: UInt64) async throws(ChainFault) -> ContractStart { start }

    func events(
        of app: Address, topics: [Bytes32], from first: UInt64, through last: UInt64, requestLimit: Int
    ) async throws(ChainFault) -> [AppLogEntry]? { entries }

    func standing(of query: SafeQuery) async throws(ChainFault) -> SafeStanding {
        if let safe { return safe(query) }
        return SafeStanding(
            hasCode: hasCode, version: nil, threshold: 2, owners: [], nonce: UInt256(count), sampleHash: nil,
            prospects: [], batchCodeHashes: [])
    }
}
