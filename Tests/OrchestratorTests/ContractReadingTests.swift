// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import Testing

@testable import Orchestrator

@Suite("What is read of an app's contract", .timeLimit(.minutes(1)))
struct ContractReadingTests {
    private static let one = Bytes32.keccak256([1])
    private static let two = Bytes32.keccak256([2])

    private func inspector(_ node: ContractNode, confirmations: UInt64 = 1) -> AppInspector {
        AppInspector(
            app: ContractNode.app, chain: EthereumChain(node, chainID: 1),
            limits: Policy(confirmations: confirmations).limits(chainID: 1))
    }

    private func node(_ change: (inout ContractNode.Setting) -> Void = { _ in }) -> ContractNode {
        var setting = ContractNode.Setting()
        change(&setting)
        return ContractNode(setting)
    }

    @Test(
        "The block of the creation is found within few requests", arguments: [0, 1, 17, 499_999, 999_999] as [UInt64])
    func creation(block: UInt64) async throws {
        let node = node { $0.created = block }
        let chain = EthereumChain(node, chainID: 1)
        #expect(try await chain.start(of: ContractNode.app, through: 999_999) == .created(block))
        #expect(node.requestCount <= 6)
    }

    @Test("Where states are forgotten, a contract is known since the oldest that is kept, unless it is younger")
    func forgottenStates() async throws {
        let old = node {
            $0.created = 5
            $0.keptStates = 128
        }
        let start = try await EthereumChain(old, chainID: 1).start(of: ContractNode.app, through: 1_000_000)
        #expect(start == .knownSince(999_873))
        let young = node {
            $0.created = 999_900
            $0.keptStates = 128
        }
        #expect(
            try await EthereumChain(young, chainID: 1).start(of: ContractNode.app, through: 1_000_000)
                == .created(999_900))
    }

    private func listing(
        _ node: ContractNode, from first: UInt64? = nil, known: [Bytes32] = []
    ) async throws -> AllowanceListing {
        let inspector = inspector(node)
        return try await inspector.listing(
            of: .composeHashes, known: known, from: first, atBlock: try await inspector.block())
    }

    @Test("An endpoint that searches the whole chain at once is asked once")
    func whole() async throws {
        let node = node {
            $0.events = [(7, .composeHashAdded(Self.one)), (9, .deviceAdded(Self.two))]
            $0.allowed = [Self.one]
        }
        let listing = try await listing(node)
        #expect(listing.start == .genesis && listing.isSinceCreation)
        #expect(listing.records.map(\.word) == [Self.one])
        #expect(listing.records.first?.isAllowed == true && listing.contradictions.isEmpty)
        #expect(node.requestCount == 3)
    }

    @Test("An endpoint that limits searches is asked from the creation on")
    func fromCreation() async throws {
        let node = node {
            $0.created = 900_000
            $0.logLimit = 50_000
            $0.events = [(900_000, .composeHashAdded(Self.one)), (950_000, .composeHashRemoved(Self.one))]
        }
        let listing = try await listing(node)
        #expect(listing.start == .creation && listing.firstBlock == 900_000)
        #expect(listing.records.first?.events.map(\.blockNumber) == [900_000, 950_000])
        #expect(listing.records.first?.isAllowed == false && listing.contradictions.isEmpty)
    }

    @Test(
        "An endpoint that gives no answer to a search of the whole chain is asked from the creation on",
        arguments: [
            .transport(.lost(HTTPFailure(.timedOut))), .transport(.lost(HTTPFailure(.closed))),
            .status(413, retryAfter: nil, detail: ""), .status(502, retryAfter: nil, detail: ""),
            .status(503, retryAfter: nil, detail: ""), .status(504, retryAfter: nil, detail: ""),
            .refused(RPCNodeError(code: -32000, message: "request timed out")),
        ] as [RPCError.Reason])
    func unanswered(reason: RPCError.Reason) async throws {
        let node = node {
            $0.created = 900_000
            $0.logLimit = 4000
            $0.longSearch = reason
            $0.events = [(900_000, .composeHashAdded(Self.one)), (950_000, .composeHashRemoved(Self.one))]
        }
        let listing = try await listing(node)
        #expect(listing.start == .creation && listing.firstBlock == 900_000)
        #expect(listing.records.first?.events.map(\.blockNumber) == [900_000, 950_000])
    }

    @Test("Whatever one error for the whole request says, shorter searches are tried")
    func refused() async throws {
        let node = node {
            $0.logLimit = 4000
            $0.longSearch = .refused(RPCNodeError(code: -32000, message: "archive requests need another plan"))
        }
        #expect(try await events(node, requestLimit: 1) == nil)
    }

    private func events(_ node: ContractNode, requestLimit: Int) async throws -> [AppLogEntry]? {
        try await EthereumChain(node, chainID: 1).events(
            of: ContractNode.app, topics: AllowanceKind.composeHashes.topics, from: 0, through: 999_999,
            requestLimit: requestLimit)
    }

    @Test(
        "An endpoint that asks for a pause, cannot be reached or is cancelled is told as it is",
        arguments: [
            .rateLimited(retryAfter: .seconds(3)), .transport(.notSent(HTTPFailure(.connect))), .transport(.cancelled),
        ] as [RPCError.Reason])
    func outOfReach(reason: RPCError.Reason) async throws {
        let node = node {
            $0.logLimit = 4000
            $0.longSearch = reason
        }
        let fault = await #expect(throws: ChainFault.self) { _ = try await events(node, requestLimit: 1) }
        #expect(fault == ChainFault(RPCError(endpoint: node.endpoint, reason: reason)))
        #expect(node.requestCount == 1)
    }

    @Test("Without the creation a window is read, and never called complete")
    func window() async throws {
        let node = node {
            $0.keptStates = 128
            $0.logLimit = 50_000
            $0.events = [(5, .composeHashAdded(Self.one)), (950_000, .composeHashAdded(Self.two))]
            $0.allowed = [Self.one, Self.two]
        }
        let listing = try await listing(node, known: [Self.one])
        #expect(listing.start == .window && !listing.isSinceCreation)
        #expect(listing.firstBlock == 1_000_000 - AppInspector.window + 1)
        #expect(listing.records.map(\.word) == [Self.two, Self.one])
        #expect(listing.records.last?.events.isEmpty == true)
        #expect(listing.contradictions.isEmpty, "what came before the window is not known")
    }

    @Test("A log that takes too many requests is no log")
    func tooMany() async throws {
        let node = node {
            $0.created = 100
            $0.logLimit = 2
        }
        let failure = await #expect(throws: Failure.self) { try await listing(node) }
        #expect(failure?.code == .unavailable)
        #expect(failure?.hint.contains("--from-block") == true)
    }

    @Test("What the log says and the contract does not, and what it says and the log does not, is told")
    func contradictions() async throws {
        let node = node {
            $0.events = [(7, .composeHashAdded(Self.one))]
            $0.allowed = [Self.two]
        }
        let listing = try await listing(node, known: [Self.two])
        #expect(listing.contradictions.map(\.word) == [Self.one, Self.two])
        #expect(listing.records.map(\.isAllowed) == [false, true])
    }

    @Test("Facts are those of the block at the confirmation depth")
    func depth() async throws {
        #expect(try await inspector(node(), confirmations: 10).block() == 999_991)
        #expect(try await inspector(node { $0.head = 3 }, confirmations: 10).block() == 0)
    }

    @Test("Ownership passes in one step where the contract knows no pending owner")
    func steps() async throws {
        let account = Address(bytes: Array(Self.one.bytes.suffix(20)))
        let oneStep = try await inspector(node()).standing(atBlock: 9)
        #expect(oneStep.transfer == .oneStep && oneStep.owner == .zero)
        let idle = try await inspector(node { $0.pendingOwner = .zero }).standing(atBlock: 9)
        #expect(idle.transfer == .twoSteps(pending: nil))
        let offered = try await inspector(node { $0.pendingOwner = account }).standing(atBlock: 9)
        #expect(offered.pendingOwner == account)
        let none = await #expect(throws: Failure.self) {
            try await inspector(node { $0.created = 10 }).standing(atBlock: 9)
        }
        #expect(none?.code == .noContract)
    }

    @Test("An account is a key, a key with borrowed code, a Safe or another contract")
    func accounts() async throws {
        let account = try #require(Address(bytes: Array(Self.two.bytes.suffix(20))))
        let safe = SafeAccount(version: "1.4.1", threshold: 2, owners: [.zero, account], nonce: 7)
        func kind(_ code: [UInt8], _ safe: SafeAccount? = nil) async throws -> AccountKind {
            let node = node {
                $0.code[account] = code
                $0.safe = safe
            }
            return try await inspector(node).account(account, atBlock: 9).kind
        }
        #expect(try await kind([]) == .key)
        #expect(try await kind([0xef, 0x01, 0x00] + account.bytes) == .delegatedKey(to: account))
        #expect(try await kind([0x60, 0x80]) == .contract)
        #expect(try await kind([0x60, 0x80], safe) == .safe(safe))
        let lying = SafeAccount(version: "1.4.1", threshold: 3, owners: [account], nonce: 0)
        #expect(try await kind([0x60, 0x80], lying) == .contract, "more signatures than owners are no Safe")
        #expect(try await kind([], safe) == .key, "without code nothing answers")
    }

    @Test("Several endpoints have to agree on the log, and on when the contract was created")
    func quorum() async throws {
        let honest = node { $0.events = [(7, .composeHashAdded(Self.one))] }
        let liar = node()
        func chain(_ nodes: ContractNode...) throws -> QuorumChain {
            try QuorumChain(
                nodes.map { EthereumChain($0, chainID: 1) }, quorum: 2, patience: .milliseconds(50))
        }
        func events(_ chain: QuorumChain) async throws -> [AppLogEntry]? {
            try await chain.events(
                of: ContractNode.app, topics: AllowanceKind.composeHashes.topics, from: 0, through: 99, requestLimit: 1)
        }
        #expect(try await events(chain(honest, liar, honest))?.count == 1)
        await #expect(throws: ChainFault.self) { try await events(chain(honest, liar)) }
        let pruned = node { $0.keptStates = 10 }
        #expect(
            try await chain(honest, pruned, honest).start(of: ContractNode.app, through: 1_000_000) == .created(0))
        #expect(
            try await chain(honest, pruned).start(of: ContractNode.app, through: 1_000_000) == .knownSince(999_991))
    }
}
