// SPDX-License-Identifier: Apache-2.0

package import EthRPC
internal import EthTx

/// What the endpoints say about one fact.
struct QuorumVote<Fact: Hashable & Sendable> {
    /// What the fact is about, for messages.
    let subject: String

    /// Who says what, in the order of the endpoints.
    var votes: [(name: String, fact: Fact)]

    /// How a fact is shown.
    let show: (Fact) -> String

    /// The one fact that enough endpoints say.
    func decide(quorum: Int) throws(ChainFault) -> Fact {
        let winners = winners(quorum: quorum)
        guard winners.count == 1, let winner = winners.first else { throw disagreement }
        return winner
    }

    /// The facts that enough endpoints say.
    func winners(quorum: Int) -> [Fact] {
        var counts: [Fact: Int] = [:]
        for vote in votes { counts[vote.fact, default: 0] += 1 }
        return counts.filter { $0.value >= quorum }.map(\.key)
    }

    /// Who said what.
    var disagreement: ChainFault {
        .disagreement(
            "on \(subject) (" + votes.map { "\($0.name): \(show($0.fact))" }.joined(separator: "; ") + ")")
    }
}

extension QuorumChain {
    /// The fact that enough endpoints agree on.
    func agreed<Value: Sendable, Fact: Hashable & Sendable>(
        on subject: String, _ answers: [Answer<Value>], _ fact: (Value) -> Fact,
        show: @escaping (Fact) -> String = { "\($0)" }
    ) throws(ChainFault) -> Fact {
        try QuorumVote(subject: subject, votes: answers.map { ($0.name, fact($0.value)) }, show: show)
            .decide(quorum: quorum)
    }

    /// A truth that enough endpoints agree on.
    func agreed<Value: Sendable>(
        whether subject: String, _ answers: [Answer<Value>], _ fact: (Value) -> Bool
    ) throws(ChainFault) -> Bool {
        try agreed(on: "whether " + subject, answers, fact, show: { $0 ? "yes" : "no" })
    }

    /// The least value that a quorum of endpoints thinks enough; `nil` when fewer name one.
    func sufficient<Value: Comparable>(_ values: [Value]) -> Value? {
        values.count >= quorum ? values.sorted()[quorum - 1] : nil
    }

    /// The greatest value that a quorum of endpoints vouches for; `nil` when fewer name one.
    func vouched<Value: Comparable>(_ values: [Value]) -> Value? {
        values.count >= quorum ? values.sorted(by: >)[quorum - 1] : nil
    }
}

extension QuorumChain {
    /// The newest block that a quorum of endpoints has.
    func commonHead(_ heads: [ChainHead]) throws(ChainFault) -> ChainHead {
        guard let number = vouched(heads.map(\.number)), let baseFee = sufficient(heads.map(\.baseFeePerGas)) else {
            throw .unavailable("fewer than \(quorum) endpoints have a newest block")
        }
        return ChainHead(number: number, baseFeePerGas: baseFee)
    }

    /// The receipt that enough of the endpoints show that have come to its block; `nil` when too few have come so far,
    /// or enough say that there is none.
    func agreedReceipt(
        of hash: TransactionHash, _ answers: [Answer<Sighting>]
    ) throws(ChainFault) -> Receipt? {
        let seen = answers.map { answer in
            (name: answer.name, head: answer.value.head.number, receipt: answer.value.receipts[hash]?.withoutL1Fee)
        }
        var disputed: QuorumVote<Receipt?>?
        var accepted: Set<Receipt> = []
        for candidate in Set(seen.compactMap(\.receipt)) {
            let present = seen.filter { $0.head >= candidate.blockNumber }
            let vote = QuorumVote<Receipt?>(
                subject: "the receipt of \(hash)", votes: present.map { ($0.name, $0.receipt) },
                show: { $0?.summary ?? "none" })
            let winners = vote.winners(quorum: quorum)
            if winners.contains(candidate) { accepted.insert(candidate) }
            if winners.isEmpty, present.count >= quorum { disputed = vote }
        }
        if accepted.count == 1, let receipt = accepted.first {
            return answers.lazy.compactMap { $0.value.receipts[hash] }.first { $0.withoutL1Fee == receipt }
        }
        if let disputed { throw disputed.disagreement }
        guard accepted.isEmpty else {
            throw .disagreement("on the receipt of \(hash) (two receipts have as many voices as are asked for)")
        }
        return nil
    }

    /// The hash of a block by the word of the endpoints that have come to it; `nil` when too few have.
    func agreedHash(ofBlock number: UInt64, _ answers: [Answer<Sighting>]) throws(ChainFault) -> BlockHash? {
        let present = answers.filter { $0.value.head.number >= number }
        guard present.count >= quorum else { return nil }
        return try agreed(on: "the hash of block \(number)", present, { $0.blockHashes[number] }) {
            $0.map { "\($0)" } ?? "none"
        }
    }
}

extension Receipt {
    /// The receipt without what some nodes of a chain tell and others do not.
    package var withoutL1Fee: Receipt {
        Receipt(
            transactionHash: transactionHash, blockHash: blockHash, blockNumber: blockNumber, from: from, to: to,
            isSuccess: isSuccess, gasUsed: gasUsed, effectiveGasPrice: effectiveGasPrice, logs: logs)
    }

    /// The receipt in a few words.
    var summary: String {
        "\(isSuccess ? "succeeded" : "reverted") in block \(blockNumber) \(blockHash), "
            + "\(logs.count) log\(logs.count == 1 ? "" : "s")"
    }
}
