// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import EthTx

/// A chain reached by JSON-RPC: each question is one batch.
public struct EthereumChain: Chain {
    /// Chains of the OP stack, whose transactions pay for L1 data as well.
    private static let opStackChains: Set<UInt64> = [10, 8453, 84_532, 11_155_420]

    /// Bytes of a signed call beside its data, generously: what the L1 data fee is asked for.
    private static let signedCallOverhead = 164

    let node: any JSONRPCService
    let chainID: UInt64

    /// Uses endpoints that check the chain's id themselves, such as ``EthRPC/FailoverNode``.
    public init(_ node: any JSONRPCService, chainID: UInt64) {
        self.node = node
        self.chainID = chainID
    }

    /// The endpoint that is asked first, without path or query.
    public var endpointName: String { node.endpoint }

    /// Asks another endpoint first from now on, where there is one.
    public func turnToAnotherEndpoint() {
        if let endpoints = node as? FailoverNode { endpoints.turnToAnother() }
    }

    /// The newest block.
    public func head() async throws(ChainFault) -> ChainHead {
        try ChainHead(value(await perform { node throws(RPCError) in try await node.call(.block(.latest)) }))
    }

    /// All that is to be known before signing.
    public func examine(_ query: Examination) async throws(ChainFault) -> Findings {
        let sender: Address
        if let signer = query.signer {
            sender = signer
        } else {
            sender = try await authorised(query) ?? .zero
        }
        let contract = query.call.contract
        let depth = BlockTag.number(query.depthBlock)
        let message = CallMessage(from: sender, to: contract, data: query.call.calldata)
        let owner = query.call.authority.map { [RPCCall.read($0.function, of: contract, at: depth)] } ?? []
        let kms = query.kms.map { [RPCCall.read(DstackAppCall.registeredApps(contract), of: $0, at: depth)] } ?? []
        let base = query.baseHash.map { [RPCCall.read(.allowedComposeHashes($0), of: contract, at: depth)] } ?? []
        let size = Self.signedCallOverhead + query.call.calldata.count
        let l1 = Self.opStackChains.contains(chainID) ? [RPCCall.l1Fee(bytes: size)] : []
        let isAccount = query.signer != nil
        let calls = (
            RPCCall<[UInt8]>.code(contract, at: depth),
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(owner),
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(RPCCall.questions(query.effect, at: depth)),
            RPCCall<[UInt8]>.call(message), RPCCall<UInt64>.estimateGas(message),
            RPCCall<UInt256>.maxPriorityFeePerGas,
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(base),
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(kms),
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(l1),
            RPCCall<[Result<UInt64, RPCCallError>]>.all(
                isAccount
                    ? [depth, .latest, .pending].map { RPCCall<UInt64>.transactionCount(sender, at: $0) } : []),
            RPCCall<[Result<UInt256, RPCCallError>]>.all(
                isAccount ? [RPCCall<UInt256>.balance(sender, at: .latest)] : []),
            RPCCall.feeHistory(blocks: TipAdvice.blocks, percentiles: TipAdvice.percentiles),
            RPCCall<Block?>.block(.latest)
        )
        let answer = try await perform { node throws(RPCError) in
            try await node.batch(
                calls.0, calls.1, calls.2, calls.3, calls.4, calls.5, calls.6, calls.7, calls.8, calls.9, calls.10,
                calls.11, calls.12)
        }
        let hasCode = try !value(answer.0).isEmpty
        return Findings(
            head: try ChainHead(value(answer.12)),
            hasCode: hasCode,
            owner: hasCode ? try only(answer.1, readAddress) ?? nil : nil,
            isInEffect: hasCode ? try read(query.effect, value(answer.2)) : false,
            isBaseAllowed: hasCode ? try only(answer.6, readBool) ?? false : false,
            isRegistered: try only(answer.7, readBool),
            simulationRevert: hasCode ? try revert(answer.3) : nil,
            gasEstimate: suggestion(answer.4),
            suggestedTip: TipAdvice.tip(history: suggestion(answer.11), suggestion: suggestion(answer.5)),
            l1Fee: try only(answer.8, readUInt256) ?? 0,
            account: try account(counts: value(answer.9), balance: value(answer.10)))
    }

    /// Who may make a call by the contract's word; `nil` when it names nobody.
    private func authorised(_ query: Examination) async throws(ChainFault) -> Address? {
        guard let authority = query.call.authority else { return nil }
        return try readAddress(
            await perform { node throws(RPCError) in
                try await node.call(
                    .read(authority.function, of: query.call.contract, at: .number(query.depthBlock)))
            })
    }

    /// Sends signed bytes.
    public func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict {
        SendVerdict(try await perform { node throws(RPCError) in try await node.call(.sendRawTransaction(raw)) })
    }

    /// Where the attempts stand.
    public func look(for query: Lookout) async throws(ChainFault) -> Sighting {
        let questions = query.question.map {
            RPCCall.questions($0.fact, at: $0.block.map(BlockTag.number) ?? .latest)
        }
        let calls = (
            RPCCall<Block?>.block(.latest),
            RPCCall<[Result<Receipt?, RPCCallError>]>.all(
                query.hashes.map { RPCCall<Receipt?>.transactionReceipt($0) }),
            RPCCall<[Result<RPCTransaction?, RPCCallError>]>.all(
                query.hashes.map { RPCCall<RPCTransaction?>.transaction($0) }),
            RPCCall<[Result<UInt64, RPCCallError>]>.all(
                query.signer.map { [RPCCall<UInt64>.transactionCount($0, at: .latest)] } ?? []),
            RPCCall<[Result<Block?, RPCCallError>]>.all(query.blocks.map { RPCCall<Block?>.block(.number($0)) }),
            RPCCall<[Result<[UInt8], RPCCallError>]>.all(questions ?? [])
        )
        let answer = try await perform { node throws(RPCError) in
            try await node.batch(calls.0, calls.1, calls.2, calls.3, calls.4, calls.5)
        }
        var receipts: [TransactionHash: Receipt] = [:]
        for (hash, result) in zip(query.hashes, try value(answer.1)) { receipts[hash] = try value(result) }
        var known: Set<TransactionHash> = []
        for (hash, result) in zip(query.hashes, try value(answer.2)) where try value(result) != nil {
            known.insert(hash)
        }
        var blockHashes: [UInt64: BlockHash] = [:]
        for (number, result) in zip(query.blocks, try value(answer.4)) { blockHashes[number] = try value(result)?.hash }
        var isInEffect: Bool?
        if let question = query.question { isInEffect = try read(question.fact, value(answer.5)) }
        return Sighting(
            head: try ChainHead(value(answer.0)), receipts: receipts, known: known.union(receipts.keys),
            countAtHead: try only(answer.3, value), blockHashes: blockHashes, isInEffect: isInEffect)
    }

    /// The key that the contract of a KMS holds.
    public func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? {
        let answer = try await perform { node throws(RPCError) in
            try await node.call(.call(to: contract, data: KmsContractCall.kmsInfo, at: .number(block)))
        }
        guard try revert(answer) == nil else { return nil }
        do { return try KmsContractCall.decodePublicKey(value(answer)) } catch let fault as ChainFault {
            throw fault
        } catch {
            return nil
        }
    }

    /// Why a call would revert at a block.
    public func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason? {
        try revert(
            await perform { node throws(RPCError) in
                try await node.call(.call(from: sender, to: contract, data: data, at: .number(block)))
            })
    }
}

extension ChainHead {
    fileprivate init(_ block: Block?) throws(ChainFault) {
        guard let block else { throw .unavailable("the endpoint has no newest block") }
        self.init(number: block.number, baseFeePerGas: block.baseFeePerGas ?? 0)
    }
}

extension RPCCall where Value == [UInt8] {
    /// A reading call of a contract.
    static func read(_ call: DstackAppCall, of contract: Address, at tag: BlockTag) -> RPCCall {
        .call(to: contract, data: call.calldata, at: tag)
    }

    /// The questions that decide a fact, in the order of its leaves.
    static func questions(_ fact: ContractFact, at tag: BlockTag) -> [RPCCall] {
        fact.leaves.compactMap(\.question).map { .call(to: $0.contract, data: $0.calldata, at: tag) }
    }

    /// The L1 data fee of a transaction of so many bytes, asked from the OP stack's predeploy.
    fileprivate static func l1Fee(bytes count: Int) -> RPCCall {
        .call(to: OPStack.gasPriceOracle, data: OPStack.l1FeeCalldata(byteCount: count))
    }
}
