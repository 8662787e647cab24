// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("Fees, nonces and amounts")
struct PolicyTests {
    private let gwei = UInt256(1_000_000_000)

    private func limits(fee: UInt64 = 100, tip: UInt64 = 3, cost: UInt64 = 20_000_000) -> Limits {
        Policy(
            maxFeePerGas: UInt256(fee * 1_000_000_000), maxPriorityFeePerGas: UInt256(tip * 1_000_000_000),
            maxCost: UInt256(cost * 1_000_000_000)
        ).limits(chainID: 31337)
    }

    @Test("defaults follow the chain")
    func defaults() {
        #expect(Policy().limits(chainID: 1).confirmations == 2)
        #expect(Policy().limits(chainID: 8453).maxFeePerGas == UInt256(5_000_000_000))
        #expect(Policy().limits(chainID: 8453).maxPriorityFeePerGas == UInt256(100_000_000))
        #expect(Policy().limits(chainID: 5).maxCost == UInt256(20_000_000_000_000_000))
        #expect(Policy(confirmations: 0).limits(chainID: 5).confirmations == 1)
    }

    @Test("whatever an endpoint suggests, fee, tip, gas and cost stay within the caps")
    func clamped() throws {
        let policy = FeePolicy(limits: limits())
        for suggestion in [UInt256(0), UInt256(1), gwei, .max] {
            let quote = try policy.quote(
                baseFeePerGas: gwei, suggestedTip: suggestion,
                gasLimit: FeePolicy.gasLimit(estimate: .max, cap: 200_000), l1Fee: 0,
                spent: 0)
            #expect(quote.maxFeePerGas <= policy.limits.maxFeePerGas)
            #expect(quote.maxPriorityFeePerGas <= policy.limits.maxPriorityFeePerGas)
            #expect(quote.maxPriorityFeePerGas <= quote.maxFeePerGas)
            #expect(quote.gasLimit <= Limits.knownCallGas)
            #expect(quote.cost <= policy.limits.maxCost)
        }
    }

    @Test("refuses a base fee above the cap, however large the numbers are")
    func feeCap() {
        let policy = FeePolicy(limits: limits(fee: 10))
        for baseFee in [UInt256(10_000_000_000), UInt256(11_000_000_000), .max] {
            let failure = #expect(throws: Failure.self) {
                try policy.quote(
                    baseFeePerGas: baseFee, suggestedTip: 1, gasLimit: 80_000, l1Fee: 0, spent: 0)
            }
            #expect(failure?.code == .feeCap)
        }
    }

    @Test("counts the L1 fee and what other nonces may cost into the cost cap")
    func costCap() throws {
        let policy = FeePolicy(limits: limits(cost: 200_000))
        let room = try policy.quote(baseFeePerGas: gwei, suggestedTip: 1, gasLimit: 80_000, l1Fee: 0, spent: 0)
        #expect(room.cost <= policy.limits.maxCost)
        for (l1Fee, spent) in [(policy.limits.maxCost, UInt256(0)), (0, policy.limits.maxCost), (.max, .max)] {
            let failure = #expect(throws: Failure.self) {
                try policy.quote(
                    baseFeePerGas: gwei, suggestedTip: 1, gasLimit: 80_000, l1Fee: l1Fee, spent: spent)
            }
            #expect(failure?.code == .costCap)
        }
    }

    @Test("a replacement raises both fees by an eighth, rounded up, or is not made")
    func replacement() throws {
        #expect(FeeArithmetic.bumped(8) == 9)
        #expect(FeeArithmetic.bumped(9) == 11)
        #expect(FeeArithmetic.bumped(1) == 2)
        #expect(FeeArithmetic.bumped(.max) == .max)
        let policy = FeePolicy(limits: limits(fee: 3, tip: 1))
        var attempt = attempt(fee: 2_000_000_000, tip: 100)
        var bumps = 0
        while let quote = policy.replacement(of: attempt, baseFeePerGas: gwei, spentElsewhere: 0) {
            #expect(quote.maxFeePerGas >= FeeArithmetic.bumped(attempt.maxFeePerGas))
            #expect(quote.maxPriorityFeePerGas >= FeeArithmetic.bumped(attempt.maxPriorityFeePerGas))
            #expect(quote.maxFeePerGas <= policy.limits.maxFeePerGas)
            attempt = self.attempt(fee: quote.maxFeePerGas, tip: quote.maxPriorityFeePerGas)
            bumps += 1
        }
        #expect(bumps == 3)
    }

    private func attempt(fee: UInt256, tip: UInt256) -> Attempt {
        Attempt(
            hash: TransactionHash(Bytes32.keccak256([1])), raw: [], purpose: .register, nonce: 0, gasLimit: 80_000,
            maxFeePerGas: fee, maxPriorityFeePerGas: tip, l1Fee: 0, signedAt: Timestamp(milliseconds: 0))
    }

    @Test("the nonce is the smallest that this store never signed; foreign transactions are waited for")
    func nonces() throws {
        let id = try #require(OperationID("op-0123456789abcdef"))
        let lane = Lane(chainID: 1, signer: World.app)
        func signed(_ nonces: UInt64...) -> [SignedNonce] {
            nonces.map { SignedNonce(lane: lane, nonce: $0, operation: id, isSpent: false) }
        }
        func choose(_ depth: UInt64, _ head: UInt64, _ pending: UInt64, _ held: [SignedNonce]) -> NonceLane.Choice {
            NonceLane.choose(
                account: AccountState(countAtDepth: depth, countAtHead: head, countPending: pending, balance: 0),
                signed: held, window: 16)
        }
        #expect(choose(7, 7, 7, []) == .take(7))
        #expect(choose(7, 7, 9, signed(7, 8)) == .take(9))
        #expect(choose(7, 7, 7, signed(7, 9)) == .take(8))
        #expect(choose(7, 9, 9, []) == .foreignPending(2))
        #expect(choose(7, 7, 24, []) == .implausible(17))
        #expect(choose(7, 7, .max, []) == .implausible(.max - 7))
        #expect(choose(.max, .max, .max, []) == .contradictory)
        #expect(choose(8, 7, 8, []) == .contradictory)
    }

    @Test("depth counts the including block as 1")
    func depth() {
        let two = Policy(confirmations: 2).limits(chainID: 5)
        #expect(!two.isDeep(10, head: 10))
        #expect(two.isDeep(10, head: 11))
        #expect(!two.isDeep(10, head: 9))
        #expect(two.depthBlock(head: 10) == 9)
        #expect(Policy(confirmations: .max).limits(chainID: 5).depthBlock(head: 10) == 0)
        #expect(Policy(confirmations: 1).limits(chainID: 5).isDeep(10, head: 10))
    }

    @Test("amounts are exact in both directions")
    func amounts() {
        #expect(Wei.gwei(1_500_000_000) == "1.5")
        #expect(Wei.ether(1) == "0.000000000000000001")
        #expect(Wei.fromGwei("0.1") == 100_000_000)
        #expect(Wei.fromEther("0.02") == 20_000_000_000_000_000)
        for bad in ["", ".", "1.", ".5", "-1", "1e9", "0.0000000001", "１"] { #expect(Wei.fromGwei(bad) == nil) }
    }

    @Test("times are RFC 3339 in UTC")
    func timestamps() {
        #expect(Timestamp(milliseconds: 0).description == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(milliseconds: 951_782_399_999).description == "2000-02-28T23:59:59.999Z")
        #expect(Timestamp(milliseconds: 951_782_400_000).description == "2000-02-29T00:00:00.000Z")
        #expect(Timestamp(milliseconds: -1).description == "1969-12-31T23:59:59.999Z")
    }
}
