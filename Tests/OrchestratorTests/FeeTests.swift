// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import Testing

@testable import EthRPC
@testable import Orchestrator

@Suite("Fees of an operation while the chain's fees move")
struct FeeTests {
    private static let gwei: UInt64 = 1_000_000_000

    private func history(_ blocks: [(ratio: Double, tips: [UInt64])]) -> FeeHistory {
        FeeHistory(
            oldestBlock: 1,
            entries: blocks.map {
                FeeHistory.Entry(baseFeePerGas: 1, gasUsedRatio: $0.ratio, tips: $0.tips.map { UInt256($0) })
            }, nextBaseFeePerGas: 1)
    }

    @Test("a tip is the median of what recent blocks were paid; more where blocks are full")
    func tips() {
        #expect(TipAdvice.tip(history: nil, suggestion: nil) == FeePolicy.leastTip)
        #expect(TipAdvice.tip(history: nil, suggestion: 7) == 7)
        #expect(TipAdvice.tip(history: history([(0, [0, 0]), (0, [0, 0])]), suggestion: 7) == 7)
        #expect(TipAdvice.tip(history: history([(0.5, [3, 9]), (0, [0, 0]), (0.5, [5, 9])]), suggestion: 7) == 5)
        #expect(TipAdvice.tip(history: history([(1, [3, 9]), (0.95, [4, 8]), (0.2, [1, 2])]), suggestion: 7) == 8)
        // One block whose transactions paid anything at all decides nothing.
        let one = [(0.5, [UInt64(2), 2]), (0.5, [2, 2]), (0.5, [.max, .max])]
        #expect(TipAdvice.tip(history: history(one), suggestion: 7) == 2)
    }

    @Test("a base fee that rises for twenty blocks is followed at one nonce, within the caps")
    func rising() async throws {
        let bench = try TestBench()
        bench.world.change {
            $0.baseFees = Self.fees(rising: 20, fallingFrom: .max)
            $0.minesFrom = 130
        }
        let policy = Policy(maxFeePerGas: UInt256(40 * Self.gwei))
        let done = try await bench.update(bench.intent(policy: policy))
        #expect(done.phase == .running)
        let attempts = try #require(done.registration?.attempts)
        #expect(attempts.count > 1)
        expectOrder(attempts, cap: 40 * Self.gwei)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("a base fee beyond the cap is waited out with the same bytes, and nothing more is signed")
    func beyondTheCap() async throws {
        let bench = try TestBench()
        bench.world.change {
            $0.baseFees = Self.fees(rising: 20, fallingFrom: 180)
            $0.minesFrom = 110
        }
        let policy = Policy(maxFeePerGas: UInt256(4 * Self.gwei))
        let done = try await bench.update(bench.intent(policy: policy), options: RunOptions(timeout: .seconds(3600)))
        #expect(done.phase == .running)
        let attempts = try #require(done.registration?.attempts)
        expectOrder(attempts, cap: 4 * Self.gwei)
        let included = try #require(done.inclusion?.blockNumber)
        #expect(included > 180)
        // Without an end it stays, resumable.
        let other = try TestBench()
        other.world.change {
            $0.baseFees = Self.fees(rising: 20, fallingFrom: .max)
            $0.minesFrom = 110
        }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await other.update(other.intent(policy: policy), options: RunOptions(timeout: .seconds(300)))
        }
        #expect(stop?.failure.code == .timeout)
        #expect(stop?.phase == .broadcast)
    }

    @Test("a base fee above the cap before the signature takes no nonce")
    func tooHighBefore() async throws {
        let bench = try TestBench()
        bench.world.change { $0.baseFee = UInt256(5 * Self.gwei) }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(bench.intent(policy: Policy(maxFeePerGas: UInt256(4 * Self.gwei))))
        }
        #expect(stop?.failure.code == .feeCap)
        #expect(try await bench.store.openNonces().isEmpty)
        #expect(bench.world.read { $0.sent.isEmpty })
    }

    /// From 1 gwei up by an eighth a block from block 101 on, then level, then down by an eighth a block.
    private static func fees(rising count: UInt64, fallingFrom last: UInt64) -> @Sendable (UInt64) -> UInt256 {
        { block in
            let up = min(block - min(block, 100), count)
            let down = min(block - min(block, last), 2 * count)
            var fee = gwei
            for _ in 0..<up { fee = fee * 9 / 8 }
            for _ in 0..<down { fee = fee * 7 / 8 }
            return UInt256(fee)
        }
    }

    private func expectOrder(_ attempts: [Attempt], cap: UInt64) {
        #expect(Set(attempts.map(\.nonce)).count == 1)
        for attempt in attempts { #expect(attempt.maxFeePerGas <= UInt256(cap)) }
        for (old, new) in zip(attempts, attempts.dropFirst()) {
            #expect(new.maxFeePerGas >= FeeArithmetic.bumped(old.maxFeePerGas))
            #expect(new.maxPriorityFeePerGas >= FeeArithmetic.bumped(old.maxPriorityFeePerGas))
        }
    }
}
