// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Testing

@testable import Orchestrator

@Suite("A quorum of endpoints", .timeLimit(.minutes(1)))
struct QuorumChainTests {
    private static let examination = Examination(
        call: .app(FakeEndpoint.app, .addComposeHash(FakeEndpoint.hash)), kms: nil, signer: .zero, baseHash: nil,
        depthBlock: 19)

    private static func lookout(block: UInt64? = 19, blocks: [UInt64] = [12]) -> Lookout {
        Lookout(
            hashes: [FakeEndpoint.transaction], signer: .zero,
            question: Lookout.Question(fact: .allowsHash(FakeEndpoint.hash, by: FakeEndpoint.app), block: block),
            blocks: blocks)
    }

    /// Three endpoints of which the first ones are changed.
    private func chain(
        quorum: Int = 2, of count: Int = 3, _ changes: ((inout FakeEndpoint) -> Void)...
    ) throws -> QuorumChain {
        var endpoints = (0..<count).map { FakeEndpoint(endpointName: "https://\($0).example") }
        for (index, change) in changes.enumerated() { change(&endpoints[index]) }
        return try QuorumChain(endpoints, quorum: quorum, patience: .milliseconds(50))
    }

    @Test("The number must be from 1 to that of the endpoints")
    func reach() throws {
        for quorum in [-1, 0, 4] {
            let failure = #expect(throws: Failure.self) { try chain(quorum: quorum) }
            #expect(failure?.code == .usage)
        }
        #expect(throws: Failure.self) { try QuorumChain([], quorum: 1) }
        _ = try chain(quorum: 3)
    }

    @Test("An endpoint that is named twice has one voice")
    func twice() throws {
        let urls = [try EndpointURL("https://a.example/key"), try EndpointURL("https://a.example/key")]
        let failure = #expect(throws: Failure.self) {
            try QuorumChains(urls: urls, quorum: 2, transport: CurlTransport())
        }
        #expect(failure?.code == .usage)
    }

    @Test("The head is the newest block that enough endpoints have, whatever one of them claims")
    func head() async throws {
        #expect(try await chain({ $0.headNumber = .max }).head().number == 20)
        #expect(try await chain({ $0.headNumber = 3 }).head().number == 20)
        #expect(try await chain({ $0.headNumber = 3 }, { $0.headNumber = 18 }).head().number == 18)
        #expect(try await chain({ $0.baseFee = .max }).head().baseFeePerGas == 10)
    }

    @Test("One lie about the contract is outvoted; of two endpoints it stops the work, and each is quoted")
    func contract() async throws {
        let lies: [(inout FakeEndpoint) -> Void] = [
            { $0.hasCode = false }, { $0.owner = FakeEndpoint.app }, { $0.owner = nil }, { $0.isAllowed = false },
        ]
        for lie in lies {
            let found = try await chain(lie).examine(Self.examination)
            #expect(found.hasCode && found.owner == .zero && found.isInEffect)
            let both = try chain(of: 2, lie)
            let fault = await #expect(throws: ChainFault.self) { try await both.examine(Self.examination) }
            guard case .disagreement(let text)? = fault else {
                Issue.record("\(String(describing: fault))")
                continue
            }
            #expect(text.contains("#1 https://0.example: ") && text.contains("#2 https://1.example: "), "\(text)")
            #expect(fault?.failure.code == .unavailable)
        }
    }

    @Test("Suggestions are what enough endpoints think enough; counts the least of all; the balance is vouched for")
    func suggestions() async throws {
        let high = try await chain({
            ($0.tip, $0.gas, $0.count, $0.balance) = (.max, .max, .max, .max)
        }).examine(Self.examination)
        #expect((high.suggestedTip, high.gasEstimate, high.account?.balance) == (1, 50_000, 1_000))
        #expect(high.account?.countAtDepth == 7 && high.account?.countPending == 7)
        let low = try await chain({ ($0.tip, $0.gas, $0.count, $0.balance) = (0, 0, 2, 0) }).examine(Self.examination)
        #expect((low.suggestedTip, low.gasEstimate, low.account?.balance) == (1, 50_000, 1_000))
        #expect(low.account?.countAtDepth == 2)
    }

    @Test("An endpoint that is behind, silent, failing or of another chain stops nobody while enough others agree")
    func oneFewer() async throws {
        let faults: [(inout FakeEndpoint) -> Void] = [
            { $0.headNumber = 5 }, { $0.isSilent = true }, { $0.fault = .unavailable("HTTP status 503") },
            { $0.fault = .wrongChain(expected: 1, found: 5, endpoint: "x") }, { $0.fault = .notAnEndpoint("x") },
            { $0.fault = .rateLimited(after: nil) },
        ]
        for fault in faults {
            let chain = try chain(fault)
            #expect(try await chain.head().number == 20)
            #expect(try await chain.examine(Self.examination).isInEffect)
            for block in [nil, 19] as [UInt64?] {
                let seen = try await chain.look(for: Self.lookout(block: block))
                #expect(seen.head.number == 20 && seen.isInEffect == true && seen.receipts.count == 1)
                #expect(seen.blockHashes[12] == FakeEndpoint().blockHash && seen.countAtHead == 7)
            }
        }
    }

    @Test("Too few answers are to be asked for again; what cannot mend is final only by the word of enough endpoints")
    func tooFew() async throws {
        func fault(_ faults: ChainFault...) async throws -> ChainFault? {
            let chain = try QuorumChain(
                faults.map { FakeEndpoint(fault: $0) } + [FakeEndpoint()], quorum: 2, patience: .zero)
            return await #expect(throws: ChainFault.self) { try await chain.head() }
        }
        let other = ChainFault.wrongChain(expected: 1, found: 5, endpoint: "x")
        #expect(try await fault(other, other) == other)
        guard case .disagreement(let text)? = try await fault(other) else { throw CancellationError() }
        #expect(text.contains("chain 5") && text.contains("#2 https://rpc.example: answered"))
        #expect(try await fault(.rateLimited(after: .seconds(3))) == .rateLimited(after: .seconds(3)))
        guard case .unavailable(let few)? = try await fault(.unavailable("a"), .unavailable("b")) else {
            throw CancellationError()
        }
        #expect(few.contains("1 of 3 endpoints answered and 2 must"))
    }

    @Test("A receipt counts when enough endpoints show the same; who has not come to its block has no voice")
    func receipts() async throws {
        let query = Self.lookout(block: 5)
        let transaction = FakeEndpoint.transaction
        let late = FakeEndpoint.receipt(block: 18)
        // A lie is outvoted: another block, another outcome, none.
        for lie in [FakeEndpoint.receipt(block: 11), FakeEndpoint.receipt(block: 12, isSuccess: false), nil] {
            let seen = try await chain({ $0.receipt = lie }).look(for: query)
            #expect(seen.receipts[transaction] == FakeEndpoint.receipt(block: 12))
            let both = try chain(of: 2, { $0.receipt = lie })
            await #expect(throws: ChainFault.self) { try await both.look(for: query) }
        }
        // An invented one is outvoted, too.
        let none: (inout FakeEndpoint) -> Void = { $0.receipt = nil }
        let invented = try await chain(none, none).look(for: query)
        #expect(invented.receipts.isEmpty && invented.known.isEmpty)
        // Of two that must agree one is behind: not yet, and no quarrel.
        let behind = try await chain(
            of: 2, { ($0.receipt, $0.headNumber) = (late, 18) },
            {
                ($0.receipt, $0.headNumber) = (late, 17)
            }
        ).look(for: query)
        #expect(behind.receipts.isEmpty && behind.head.number == 17)
    }

    @Test("The hash of a block counts when enough endpoints that have the block agree")
    func blockHashes() async throws {
        let other = BlockHash(Bytes32.keccak256([99]))
        let seen = try await chain({ $0.blockHash = other }).look(for: Self.lookout(blocks: [12, 21]))
        #expect(seen.blockHashes == [12: FakeEndpoint().blockHash])
        let both = try chain(of: 2, { $0.blockHash = other })
        await #expect(throws: ChainFault.self) { try await both.look(for: Self.lookout()) }
        #expect(try await both.look(for: Self.lookout(blocks: [])).isInEffect == true)
    }

    @Test("Who spent a nonce, and who registered, needs as many voices")
    func history() async throws {
        let foreign = SpentNonce(
            hash: TransactionHash(Bytes32.keccak256([3])), blockNumber: 4, blockHash: BlockHash(Bytes32.keccak256([4])))
        func spender(_ chain: QuorumChain) async throws -> SpentNonce? {
            try await chain.spender(of: 0, by: .zero, from: 1, through: 19)
        }
        #expect(try await spender(chain({ $0.spent = foreign })) == nil)
        #expect(try await spender(chain({ $0.spent = foreign }, { $0.spent = foreign })) == foreign)
        let both = try chain(of: 2, { $0.spent = foreign })
        await #expect(throws: ChainFault.self) { try await spender(both) }
        let logs = try chain(of: 2, { $0.receipt = nil })
        await #expect(throws: ChainFault.self) {
            try await logs.transaction(of: Self.examination.call, from: 1, through: 19)
        }
    }

    @Test("Bytes go to every endpoint, and one that takes them is enough")
    func sending() async throws {
        #expect(try await chain({ $0.verdict = .nonceTooLow }).send([1]) == .accepted)
        #expect(try await chain({ $0.fault = .unavailable("no") }, { $0.isSilent = true }).send([1]) == .accepted)
        let low: (inout FakeEndpoint) -> Void = { $0.verdict = .nonceTooLow }
        #expect(try await chain({ $0.verdict = .underpriced }, low, low).send([1]) == .nonceTooLow)
    }
}
