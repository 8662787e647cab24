// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Testing

@testable import Orchestrator

@Suite("What contracts say, by the word of several endpoints", .timeLimit(.minutes(1)))
struct ContractQuorumTests {
    private static let stranger = Address(bytes: [UInt8](repeating: 9, count: 20)) ?? .zero

    private func chain(of count: Int = 3, _ changes: ((inout FakeEndpoint) -> Void)...) throws -> QuorumChain {
        var endpoints = (0..<count).map { FakeEndpoint(endpointName: "https://\($0).example") }
        for (index, change) in changes.enumerated() { change(&endpoints[index]) }
        return try QuorumChain(endpoints, quorum: 2, patience: .milliseconds(50))
    }

    @Test("One that lies about owner, settings or account is outvoted")
    func outvoted() async throws {
        let chain = try chain({
            $0.owner = Self.stranger
            $0.isAllowed = false
            $0.hasCode = false
        })
        let standing = try await chain.standing(of: FakeEndpoint.app, atBlock: 19)
        #expect(standing.owner == .zero && standing.hasCode && standing.pendingOwner == nil)
        let asked: [DstackAppCall] = [.allowedComposeHashes(FakeEndpoint.hash), .allowAnyDevice]
        #expect(try await chain.answers(to: asked, by: FakeEndpoint.app, atBlock: 19) == [true, true])
        #expect(try await chain.account(FakeEndpoint.app, atBlock: 19).kind == .contract)
    }

    @Test("Of two that must agree and do not, nothing counts, and each is quoted")
    func undecided() async throws {
        let chain = try chain(
            of: 2,
            {
                $0.owner = Self.stranger
                $0.isAllowed = false
                $0.hasCode = false
            })
        func words(_ question: () async throws -> Void) async -> String {
            let fault = await #expect(throws: ChainFault.self) { try await question() }
            guard case .disagreement(let text)? = fault else { return "" }
            return text
        }
        let owner = await words { _ = try await chain.standing(of: FakeEndpoint.app, atBlock: 19) }
        #expect(owner.contains(Self.stranger.checksummed) && owner.contains(Address.zero.checksummed))
        let allowed = await words {
            _ = try await chain.answers(
                to: [.allowedComposeHashes(FakeEndpoint.hash)], by: FakeEndpoint.app, atBlock: 19)
        }
        #expect(allowed.contains("0 of 1") && allowed.contains("1 of 1"))
        let account = await words { _ = try await chain.account(FakeEndpoint.app, atBlock: 19) }
        #expect(account.contains("a key's account") && account.contains("a contract"))
        #expect(AccountKind.delegatedKey(to: .zero).name == AccountKind.key.name)
        let safe = SafeAccount(version: "1.4.1", threshold: 2, owners: [], nonce: 0)
        #expect(AccountKind.safe(safe).name == "a Safe")
    }

    @Test("A log is as long as enough endpoints say; one that does not search so far has no voice")
    func log() async throws {
        let entry = AppLogEntry(
            event: .composeHashAdded(FakeEndpoint.hash), blockNumber: 12, transactionHash: FakeEndpoint.transaction,
            logIndex: 0)
        func events(_ chain: QuorumChain) async throws(ChainFault) -> [AppLogEntry]? {
            try await chain.events(of: FakeEndpoint.app, topics: [], from: 1, through: 19, requestLimit: 10)
        }
        #expect(try await events(chain({ $0.entries = [entry] })) == [])
        #expect(try await events(chain({ $0.entries = [entry] }, { $0.entries = [entry] })) == [entry])
        #expect(try await events(chain({ $0.entries = nil })) == [])
        #expect(try await events(chain({ $0.entries = nil }, { $0.entries = nil })) == nil)
        await #expect(throws: ChainFault.self) {
            _ = try await events(chain(of: 2, { $0.entries = [entry] }))
        }
    }

    @Test("A contract's beginning is what enough endpoints know, or how far back enough of them see")
    func beginning() async throws {
        func start(_ chain: QuorumChain) async throws(ChainFault) -> ContractStart {
            try await chain.start(of: FakeEndpoint.app, through: 19)
        }
        #expect(try await start(chain()) == .created(3))
        #expect(try await start(chain({ $0.start = .created(7) })) == .created(3))
        #expect(try await start(chain({ $0.start = .knownSince(9) }, { $0.start = .knownSince(11) })) == .knownSince(9))
        await #expect(throws: ChainFault.self) { _ = try await start(chain(of: 2, { $0.start = .created(7) })) }
    }

    @Test("The key of a KMS and a revert count when enough endpoints say so")
    func kmsAndReverts() async throws {
        let liar = try chain({
            $0.kmsKey = [9]
            $0.revert = .empty
        })
        #expect(try await liar.kmsPublicKey(of: .zero, atBlock: 19) == [1, 2, 3])
        #expect(try await liar.revertReason(from: .zero, to: .zero, data: [], atBlock: 19) == nil)
        let most = try chain({ $0.revert = .panic(code: 17) }, { $0.revert = .panic(code: 17) })
        #expect(try await most.revertReason(from: .zero, to: .zero, data: [], atBlock: 19) == .panic(code: 17))
        let two = try chain(
            of: 2,
            {
                $0.kmsKey = nil
                $0.revert = .empty
            })
        let fault = await #expect(throws: ChainFault.self) { _ = try await two.kmsPublicKey(of: .zero, atBlock: 19) }
        guard case .disagreement(let text)? = fault else { return #expect(Bool(false), "no disagreement") }
        #expect(text.contains("0x010203") && text.contains("none"))
        await #expect(throws: ChainFault.self) {
            _ = try await two.revertReason(from: .zero, to: .zero, data: [], atBlock: 19)
        }
    }

    @Test("A Safe is what enough endpoints say, and the quarrel tells threshold and nonce")
    func safe() async throws {
        let query = SafeQuery(
            safe: Self.stranger, writes: [], batchContracts: [],
            sample: SafeTransaction(chainID: 1, safe: Self.stranger, to: .zero, data: [], nonce: 0), block: 19)
        #expect(try await chain({ $0.count = 8 }).standing(of: query).nonce == 7)
        let quarrel = try chain(of: 2, { $0.count = 8 })
        let fault = await #expect(throws: ChainFault.self) { _ = try await quarrel.standing(of: query) }
        guard case .disagreement(let text)? = fault else { return #expect(Bool(false), "no disagreement") }
        #expect(text.contains("threshold 2, nonce 8") && text.contains("nonce 7"))
    }

    @Test("An endpoint that knows nothing of contracts has no voice")
    func incapable() async throws {
        struct Plain: Chain {
            let inner = FakeEndpoint()
            var endpointName: String { "https://plain.example" }
            func turnToAnotherEndpoint() {}
            func head() async throws(ChainFault) -> ChainHead { try await inner.head() }
            func examine(_ query: Examination) async throws(ChainFault) -> Findings { try await inner.examine(query) }
            func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict { try await inner.send(raw) }
            func look(for query: Lookout) async throws(ChainFault) -> Sighting { try await inner.look(for: query) }
            func spender(
                of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
            ) async throws(ChainFault) -> SpentNonce? { nil }
            func transaction(
                of call: ContractCall, from first: UInt64, through last: UInt64
            ) async throws(ChainFault) -> Receipt? { nil }
            func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]? { nil }
            func revertReason(
                from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
            ) async throws(ChainFault) -> RevertReason? { nil }
        }
        let chain = try QuorumChain([FakeEndpoint(), Plain()], quorum: 2)
        await #expect(throws: ChainFault.self) { _ = try await chain.standing(of: FakeEndpoint.app, atBlock: 19) }
        let query = SafeQuery(
            safe: .zero, writes: [], batchContracts: [],
            sample: SafeTransaction(chainID: 1, safe: .zero, to: .zero, data: [], nonce: 0), block: 19)
        await #expect(throws: ChainFault.self) { _ = try await chain.standing(of: query) }
    }
}
