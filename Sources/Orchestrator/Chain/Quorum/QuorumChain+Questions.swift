// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import EthTx

/// The questions of a chain, put to all endpoints.
extension QuorumChain {
    /// The newest block that a quorum of endpoints has.
    public func head() async throws(ChainFault) -> ChainHead {
        try commonHead(
            await ask(least: quorum) { chain throws(ChainFault) in try await chain.head() }.map(\.value))
    }

    /// All that is to be known before signing.
    public func examine(_ query: Examination) async throws(ChainFault) -> Findings {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in try await chain.examine(query) }
        let app = query.call.contract.checksummed
        let isReverting = try agreed(whether: "the call would revert", found) { $0.simulationRevert != nil }
        return Findings(
            head: try commonHead(found.map(\.value.head)),
            hasCode: try agreed(whether: "there is code at \(app)", found, \.hasCode),
            owner: try agreed(on: "the owner of \(app)", found, \.owner, show: { $0?.checksummed ?? "none" }),
            isInEffect: try agreed(whether: query.effect.summary, found, \.isInEffect),
            isBaseAllowed: try agreed(whether: "\(app) allows the CVM's present hash", found, \.isBaseAllowed),
            isRegistered: try agreed(
                on: "whether the KMS knows \(app)", found, \.isRegistered,
                show: { $0.map { $0 ? "yes" : "no" } ?? "not asked" }),
            simulationRevert: isReverting ? found.lazy.compactMap(\.value.simulationRevert).first : nil,
            gasEstimate: sufficient(found.compactMap(\.value.gasEstimate)),
            suggestedTip: sufficient(found.map(\.value.suggestedTip)) ?? FeePolicy.leastTip,
            l1Fee: sufficient(found.map(\.value.l1Fee)) ?? 0,
            account: try account(found.compactMap(\.value.account)))
    }

    /// The signer's side: the least counts of all endpoints, and the balance that a quorum vouches for.
    private func account(_ all: [AccountState]) throws(ChainFault) -> AccountState? {
        // Counts that contradict each other are no answer.
        let seen = all.filter { $0.countAtDepth <= $0.countAtHead }
        guard seen.count >= min(quorum, all.count) else {
            throw .unavailable("fewer than \(quorum) endpoints give counts that can be")
        }
        guard let depth = seen.map(\.countAtDepth).min(), let head = seen.map(\.countAtHead).min(),
            let pending = seen.map(\.countPending).min()
        else { return nil }
        guard let balance = vouched(seen.map(\.balance)) else {
            throw .unavailable("fewer than \(quorum) endpoints know the signer's balance")
        }
        return AccountState(countAtDepth: depth, countAtHead: head, countPending: pending, balance: balance)
    }

    /// Sends signed bytes to all endpoints; one that takes them is enough.
    public func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict {
        let verdicts = try await ask(least: 1) { chain throws(ChainFault) in try await chain.send(raw) }.map(\.value)
        if let taken = verdicts.first(where: \.isTaken) { return taken }
        let agreed = verdicts.first { verdict in verdicts.filter { $0 == verdict }.count >= quorum }
        return agreed ?? verdicts.first ?? .unknown("no endpoint answered")
    }

    /// Where the attempts stand.
    public func look(for query: Lookout) async throws(ChainFault) -> Sighting {
        let query = try await atCommonBlock(query)
        let seen = try await ask(least: quorum) { chain throws(ChainFault) in try await chain.look(for: query) }
        let head = try commonHead(seen.map(\.value.head))
        var receipts: [TransactionHash: Receipt] = [:]
        for hash in query.hashes { receipts[hash] = try agreedReceipt(of: hash, seen) }
        var blockHashes: [UInt64: BlockHash] = [:]
        for number in query.blocks { blockHashes[number] = try agreedHash(ofBlock: number, seen) }
        let known = query.hashes.filter { hash in seen.filter { $0.value.known.contains(hash) }.count >= quorum }
        var isInEffect: Bool?
        if let fact = query.question?.fact {
            isInEffect = try agreed(whether: fact.summary, seen) { $0.isInEffect == true }
        }
        return Sighting(
            head: head, receipts: receipts, known: Set(known).union(receipts.keys),
            countAtHead: seen.map(\.value).filter { $0.head.number >= head.number }.compactMap(\.countAtHead).min(),
            blockHashes: blockHashes, isInEffect: isInEffect)
    }

    /// The same question, the contracts' state at a block that a quorum has instead of at each endpoint's newest.
    private func atCommonBlock(_ query: Lookout) async throws(ChainFault) -> Lookout {
        guard let question = query.question, question.block == nil else { return query }
        let fixed = Lookout.Question(fact: question.fact, block: try await head().number)
        return Lookout(hashes: query.hashes, signer: query.signer, question: fixed, blocks: query.blocks)
    }

    /// The transaction that spent a nonce.
    public func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce? {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in
            try await chain.spender(of: nonce, by: signer, from: first, through: last)
        }
        return try agreed(on: "who spent nonce \(nonce) of \(signer.checksummed)", found, { $0 }) {
            $0.map { "\($0.hash) in block \($0.blockNumber)" } ?? "nobody"
        }
    }

    /// The newest transaction whose log says that a call happened.
    public func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt? {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in
            try await chain.transaction(of: call, from: first, through: last)
        }
        return try agreed(on: "the transaction of \(call.summary)", found, { $0?.withoutL1Fee }) {
            $0?.summary ?? "none"
        }
    }

    /// The key that the contract of a KMS holds.
    public func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in
            try await chain.kmsPublicKey(of: contract, atBlock: block)
        }
        return try agreed(on: "the key of KMS \(contract.checksummed)", found, { $0 }) {
            $0.map { Hex.encode(Array($0.prefix(64))) } ?? "none"
        }
    }

    /// Why a call would revert at a block.
    public func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason? {
        let found = try await ask(least: quorum) { chain throws(ChainFault) in
            try await chain.revertReason(from: sender, to: contract, data: data, atBlock: block)
        }
        let isReverting = try agreed(whether: "the call would revert", found) { $0 != nil }
        return isReverting ? found.lazy.compactMap(\.value).first : nil
    }
}
