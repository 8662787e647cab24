// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

extension EthereumChain: SafeChain {
    private typealias Answer = Result<[UInt8], RPCCallError>

    /// What a Safe and the contracts that it is to call say, in one request.
    public func standing(of query: SafeQuery) async throws(ChainFault) -> SafeStanding {
        let depth = BlockTag.number(query.block)
        let calls = query.writes.map { ContractCall.app($0.app, $0.write) }
        let reads = [SafeRead.version, .threshold, .owners, .nonce, .transactionHash(query.sample)].map {
            RPCCall<[UInt8]>.call(to: query.safe, data: $0.calldata, at: depth)
        }
        let authorities = calls.map { call in
            RPCCall<[UInt8]>.read(call.authority?.function ?? .owner, of: call.contract, at: depth)
        }
        let facts = calls.map { RPCCall<[UInt8]>.questions($0.effect, at: depth) }
        let simulations = calls.map {
            RPCCall<[UInt8]>.call(CallMessage(from: query.safe, to: $0.contract, data: $0.calldata))
        }
        let codes = [query.safe] + query.batchContracts
        let batch = (
            RPCCall<[Answer]>.all(reads), RPCCall<[Answer]>.all(authorities),
            RPCCall<[Answer]>.all(facts.flatMap { $0 }),
            RPCCall<[Answer]>.all(simulations), RPCCall<[Answer]>.all(codes.map { .code($0, at: depth) })
        )
        let answer = try await perform { node throws(RPCError) in
            try await node.batch(batch.0, batch.1, batch.2, batch.3, batch.4)
        }
        let told = try value(answer.0)
        let effects = try value(answer.2)
        var prospects: [SafeStanding.Prospect] = []
        var place = 0
        for (index, call) in calls.enumerated() {
            let own = Array(effects.dropFirst(place).prefix(facts[index].count))
            place += own.count
            prospects.append(
                SafeStanding.Prospect(
                    authority: try readAddress(try element(value(answer.1), index)),
                    isInEffect: try read(call.effect, own),
                    revert: try revert(try element(value(answer.3), index))))
        }
        let code = try value(answer.4).map { result throws(ChainFault) in try value(result) }
        return SafeStanding(
            hasCode: code.first?.isEmpty == false,
            version: try decoded(told, 0) { data throws(ABIError) in try SafeRead.decodeVersion(data) } ?? nil,
            threshold: try decoded(told, 1) { data throws(ABIError) in
                UInt64(exactly: try SafeRead.decodeNumber(data))
            } ?? nil,
            owners: try decoded(told, 2) { data throws(ABIError) in try SafeRead.decodeOwners(data) },
            nonce: try decoded(told, 3) { data throws(ABIError) in try SafeRead.decodeNumber(data) },
            sampleHash: try decoded(told, 4) { data throws(ABIError) in try SafeRead.decodeHash(data) },
            prospects: prospects,
            batchCodeHashes: code.dropFirst().map { $0.isEmpty ? nil : Bytes32.keccak256($0) })
    }

    /// An answer of a batch, which has as many as it was asked for.
    private func element(_ answers: [Answer], _ index: Int) throws(ChainFault) -> Answer {
        guard answers.indices.contains(index) else {
            throw .unavailable("\(node.endpoint): a batch was not answered whole")
        }
        return answers[index]
    }

    /// What a contract returned; `nil` when it reverts or returns something else.
    private func decoded<Fact>(
        _ answers: [Answer], _ index: Int, _ decode: ([UInt8]) throws(ABIError) -> Fact
    ) throws(ChainFault) -> Fact? {
        let answer = try element(answers, index)
        if case .failure(.node(let error)) = answer, error.isRevert { return nil }
        let data = try value(answer)
        do { return try decode(data) } catch { return nil }
    }
}
