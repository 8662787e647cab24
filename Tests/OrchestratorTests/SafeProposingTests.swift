// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("Proposing a transaction to a Safe")
struct SafeProposingTests {
    private static let safe = Address(bytes: [UInt8](repeating: 0x5a, count: 20)) ?? .zero
    private static let batcher = Address(bytes: [UInt8](repeating: 0xba, count: 20)) ?? .zero
    private static let owners = (1...2).compactMap { Address(bytes: [UInt8](repeating: $0, count: 20)) }
    private static let version = SafeVersion(major: 1, minor: 4, patch: 1)

    private static let one = SafeProposal.Call(contract: FakeEndpoint.app, call: .addComposeHash(FakeEndpoint.hash))
    private static let another = SafeProposal.Call(contract: FakeEndpoint.app, call: .setAllowAnyDevice(true))

    /// A Safe with nonce 7 whose standing can be made another.
    private func propose(
        _ calls: [SafeProposal.Call], nonce: UInt256? = nil, batchContract: Address? = nil,
        codes: [Bytes32?]? = nil, prospect: SafeStanding.Prospect? = nil
    ) async throws -> SafeProposal? {
        let published = MultiSendDeployment.callOnly(for: Self.version)
        var endpoint = FakeEndpoint()
        endpoint.safe = { query in
            SafeStanding(
                hasCode: true, version: Self.version, threshold: 2, owners: Self.owners, nonce: 7,
                sampleHash: query.sample.digest,
                prospects: query.writes.map { _ in
                    prospect ?? SafeStanding.Prospect(authority: Self.safe, isInEffect: false, revert: nil)
                },
                batchCodeHashes: codes
                    ?? query.batchContracts.map { place in published.first { $0.address == place }?.codeHash })
        }
        let inspector = SafeInspector(chain: endpoint, chainID: 1, limits: Limits.defaults(chainID: 1))
        return try await inspector.propose(
            SafeInspector.Order(safe: Self.safe, calls: calls, nonce: nonce, batchContract: batchContract))
    }

    private func code(_ body: () async throws -> SafeProposal?) async -> ErrorCode? {
        let failure = await #expect(throws: Failure.self) { _ = try await body() }
        return failure?.code
    }

    @Test("One call is made by the Safe itself, with its next nonce unless another one is named")
    func single() async throws {
        let proposal = try #require(try await propose([Self.one]))
        #expect(proposal.transaction.to == FakeEndpoint.app && proposal.transaction.operation == .call)
        #expect(proposal.transaction.nonce == 7 && proposal.threshold == 2)
        #expect(try await propose([Self.one], nonce: 9)?.transaction.nonce == 9)
        #expect(await code { try await propose([Self.one], nonce: 6) } == .usage)
    }

    @Test("Several calls run as the Safe only by published code, or by a contract that the operator names")
    func batch() async throws {
        let published = try #require(MultiSendDeployment.callOnly(for: Self.version).first)
        let proposal = try #require(try await propose([Self.one, Self.another]))
        #expect(proposal.transaction.to == published.address && proposal.transaction.operation == .delegateCall)
        let other = [Bytes32?](repeating: Bytes32.keccak256([1]), count: 8)
        #expect(await code { try await propose([Self.one, Self.another], codes: other) } == .unsupportedSafe)
        let named = try await propose([Self.one, Self.another], batchContract: Self.batcher, codes: other)
        #expect(named?.transaction.to == Self.batcher)
        #expect(
            await code { try await propose([Self.one, Self.another], batchContract: Self.batcher, codes: [nil]) }
                == .noContract)
    }

    @Test("Nothing is proposed that is in effect, that the Safe may not do, or that would revert")
    func prospects() async throws {
        func prospect(_ authority: Address?, _ isInEffect: Bool, _ revert: RevertReason?) -> SafeStanding.Prospect {
            SafeStanding.Prospect(authority: authority, isInEffect: isInEffect, revert: revert)
        }
        #expect(try await propose([Self.one], prospect: prospect(Self.safe, true, nil)) == nil)
        #expect(await code { try await propose([Self.one], prospect: prospect(.zero, false, nil)) } == .ownerMismatch)
        #expect(await code { try await propose([Self.one], prospect: prospect(nil, false, nil)) } == .ownerMismatch)
        #expect(
            await code { try await propose([Self.one], prospect: prospect(Self.safe, false, .empty)) }
                == .simulationReverted)
    }
}
