// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud
import Testing

@testable import Orchestrator

@Suite("An approval after fifteen days")
struct LongWaitTests {
    private static let wait: Duration = .seconds(15 * 24 * 3600)

    /// An update that awaits approval, fifteen days after it was prepared.
    private func waiting() async throws -> (TestBench, Orchestrator.Operation, TransactionHash) {
        let bench = try TestBench()
        let prepared = try await bench.update(bench.intent(mode: .prepareOnly))
        #expect(prepared.phase == .awaitingApproval)
        let hash = try #require(prepared.preparation?.composeHash)
        let transaction = TransactionHash(Bytes32.keccak256([15]))
        bench.world.change { state in
            state.uptime += Self.wait
            state.head += 1_000_000
            state.allowed.insert(hash.bytes32)
            state.mined[transaction] = Receipt.registration(of: hash.bytes32, by: transaction, in: state)
        }
        return (bench, prepared, transaction)
    }

    @Test("finds its registration, renews the token, and commits the same hash once")
    func renewed() async throws {
        let (bench, prepared, transaction) = try await waiting()
        let done = try await bench.engine(signer: nil).run(prepared.id, options: RunOptions(approval: .init()))
        #expect(done.phase == .running)
        #expect(done.foreignTransaction == transaction)
        #expect(done.renewals == 1)
        #expect(done.preparation?.commitToken != prepared.preparation?.commitToken)
        #expect(done.preparation?.composeHash == prepared.preparation?.composeHash)
        #expect(bench.world.read { $0.sent.isEmpty && $0.applied.count == 1 })
        #expect(bench.world.read { $0.log.count { $0 == "prepare-only" } } == 2)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("whose token is renewed with another hash stops, and commits nothing")
    func anotherHash() async throws {
        let (bench, prepared, _) = try await waiting()
        bench.world.change { $0.overrideHash = ComposeHash(Bytes32.keccak256([16])).hex }
        let engine = bench.engine(signer: nil)
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await engine.run(prepared.id, options: RunOptions(approval: .init()))
        }
        #expect(stop?.failure.code == .superseded)
        #expect(stop?.failure.code.isRetryable == false)
        #expect(bench.world.read { $0.applied.isEmpty && $0.sent.isEmpty })
    }

    @Test("of a registration of our own needs no second one either")
    func ownRegistration() async throws {
        let bench = try TestBench()
        let engine = bench.engine()
        let operation = try await engine.begin(bench.intent())
        bench.world.change { $0.confirmAnswers = [.unauthorized(World.refusal(401))] }
        await #expect(throws: OperationStop.self) { _ = try await engine.run(operation.id) }
        bench.world.change { $0.uptime += Self.wait }
        let done = try await bench.engine().run(operation.id)
        #expect(done.phase == .running)
        #expect(done.renewals == 1)
        #expect(bench.world.registrations.count == 1)
        #expect(bench.world.read { $0.applied.count } == 1)
    }
}

extension Receipt {
    /// The receipt of somebody else's registration, in the newest block.
    fileprivate static func registration(
        of hash: Bytes32, by transaction: TransactionHash, in state: World.State
    ) -> Receipt {
        let block = state.blockHash(state.head)
        return Receipt(
            transactionHash: transaction, blockHash: block, blockNumber: state.head,
            from: Address(bytes: [UInt8](repeating: 5, count: 20)) ?? .zero, to: World.app, isSuccess: true,
            gasUsed: 50_000, effectiveGasPrice: state.baseFee,
            logs: [
                Log(
                    address: World.app, topics: [DstackAppEvent.composeHashAddedTopic], data: hash.bytes,
                    blockNumber: state.head, blockHash: block, transactionHash: transaction, logIndex: 0)
            ])
    }
}
