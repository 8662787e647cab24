// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import Testing

@testable import Orchestrator

@Suite("Whether a Safe's transaction can still be executed")
struct SafeReadinessTests {
    private static let safe = Address(bytes: [UInt8](repeating: 0x5a, count: 20)) ?? .zero
    private static let batcher = Address(bytes: [UInt8](repeating: 0xba, count: 20)) ?? .zero
    private static let owners = (1...2).compactMap { Address(bytes: [UInt8](repeating: $0, count: 20)) }
    private static let one = SafeProposal.Call(contract: FakeEndpoint.app, call: .addComposeHash(FakeEndpoint.hash))
    private static let another = SafeProposal.Call(contract: FakeEndpoint.app, call: .setAllowAnyDevice(true))

    /// Asks about a proposal of nonce 7 when the Safe is at nonce 8.
    ///
    /// - Parameters:
    ///   - effects: of each call, whether it is in effect now.
    ///   - isFound: whether the log shows the transaction that executed it.
    private func readiness(
        _ calls: [SafeProposal.Call], effects: [Bool], isFound: Bool
    ) async throws -> SafeReadiness {
        func inspector(nonce: UInt256, effects: [Bool]) -> SafeInspector {
            var endpoint = FakeEndpoint()
            if !isFound { endpoint.receipt = nil }
            endpoint.safe = { query in
                SafeStanding(
                    hasCode: true, version: SafeVersion(major: 1, minor: 4, patch: 1), threshold: 2,
                    owners: Self.owners, nonce: nonce, sampleHash: query.sample.digest,
                    prospects: zip(query.writes, effects).map {
                        SafeStanding.Prospect(authority: Self.safe, isInEffect: $1, revert: nil)
                    }, batchCodeHashes: query.batchContracts.map { _ in Bytes32.keccak256([1]) })
            }
            return SafeInspector(chain: endpoint, chainID: 1, limits: Limits.defaults(chainID: 1))
        }
        let none = [Bool](repeating: false, count: calls.count)
        let order = SafeInspector.Order(safe: Self.safe, calls: calls, nonce: nil, batchContract: Self.batcher)
        let proposal = try #require(try await inspector(nonce: 7, effects: none).propose(order))
        return try await inspector(nonce: 8, effects: effects).readiness(of: proposal, sender: .zero)
    }

    private func refusal(
        _ calls: [SafeProposal.Call], effects: [Bool], isFound: Bool
    ) async -> Failure? {
        await #expect(throws: Failure.self) { _ = try await readiness(calls, effects: effects, isFound: isFound) }
    }

    @Test("What was executed and is in effect is done, by the transaction that is found")
    func done() async throws {
        #expect(
            try await readiness([Self.one], effects: [true], isFound: true) == .inEffect(FakeEndpoint.transaction))
        #expect(try await readiness([Self.one], effects: [true], isFound: false) == .inEffect(nil))
        #expect(
            try await readiness([Self.one, Self.another], effects: [true, true], isFound: true)
                == .inEffect(FakeEndpoint.transaction))
    }

    @Test("What was executed and undone since is not done, and can only be proposed anew")
    func undone() async throws {
        let failure = try #require(await refusal([Self.one], effects: [false], isFound: true))
        #expect(failure.code == .finalConflict)
        #expect(failure.message.contains("was executed in \(FakeEndpoint.transaction)"))
        #expect(failure.message.contains("no longer in effect") && failure.message.hasSuffix("Nothing was sent."))
        #expect(failure.hint.contains("safe propose"))
    }

    @Test("A batch is done only if all that it does is in effect, and what is not is named")
    func batch() async throws {
        let failure = try #require(await refusal([Self.one, Self.another], effects: [true, false], isFound: true))
        #expect(failure.code == .finalConflict)
        let undone = ContractCall.app(FakeEndpoint.app, .setAllowAnyDevice(true)).summary
        let standing = ContractCall.app(FakeEndpoint.app, .addComposeHash(FakeEndpoint.hash)).summary
        #expect(failure.message.contains(undone) && !failure.message.contains(standing))
    }

    @Test("A nonce that another transaction took is told as before")
    func overtaken() async throws {
        let failure = try #require(await refusal([Self.one], effects: [false], isFound: false))
        #expect(failure.code == .finalConflict && failure.message.contains("took its place"))
    }
}
