// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import Testing

@testable import Orchestrator

@Suite("What the operator says anew of an operation under way")
struct TermsTests {
    /// An update that stopped before anything was signed.
    private func prepared(goal: Intent.Goal = .running) async throws -> (TestBench, Intent, OperationID) {
        let bench = try TestBench()
        let plain = bench.intent()
        let intent = Intent(
            cvm: plain.cvm, apiURL: plain.apiURL, change: plain.change, goal: goal, signer: plain.signer)
        bench.world.change { $0.chainFault = .unavailable("down") }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        bench.world.change { $0.chainFault = nil }
        return (bench, intent, try #require(stop?.operation))
    }

    private func options(_ terms: Terms, timeout: Duration = .seconds(600)) -> RunOptions {
        RunOptions(timeout: timeout, terms: terms)
    }

    @Test("a tighter cap holds from then on, also for whoever resumes without naming it")
    func tighterCap() async throws {
        let (bench, _, id) = try await prepared()
        bench.world.change { $0.chainFault = .unavailable("down") }
        let terms = Terms(policy: Policy(maxCost: 1_000_000))
        await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id, options: options(terms)) }
        bench.world.change { $0.chainFault = nil }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(stop?.failure.code == .costCap && stop?.phase == .failed)
        #expect(bench.world.read { $0.sent.isEmpty })
        let history = try await bench.store.history(of: id)
        #expect(history.contains { $0.event == "terms-changed" && $0.detail == "max-cost-eth 0.000000000001" })
    }

    @Test("what is not said stays as it was stored, and saying the same again writes nothing")
    func unsaid() async throws {
        let (bench, intent, id) = try await prepared()
        let first = Terms(policy: Policy(confirmations: 3, maxFeePerGas: 70_000_000_000))
        bench.world.change { $0.chainFault = .unavailable("down") }
        for terms in [first, Terms(policy: Policy(confirmations: 4)), Terms(of: intent)] {
            await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id, options: options(terms)) }
        }
        let stored = try #require(try await bench.store.operation(id))
        #expect(stored.intent.policy == Policy(confirmations: 4, maxFeePerGas: 70_000_000_000))
        #expect(stored.intent.isSame(as: intent) && stored.intent != intent)
        #expect(try await bench.store.history(of: id).filter { $0.event == "terms-changed" }.count == 2)
    }

    @Test("a registration that is unwanted now is not signed")
    func unwanted() async throws {
        let (bench, _, id) = try await prepared()
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(id, options: options(Terms(allowsOnChain: false)))
        }
        #expect(stop?.failure.code == .onChainRefused)
        #expect(bench.world.read { $0.sent.isEmpty })
        #expect(try await bench.store.openNonces().isEmpty)
    }

    @Test("a registration that has been signed cannot be unwanted: that is said, and nothing changes")
    func tooLate() async throws {
        let (bench, _, id) = try await prepared()
        bench.world.change { $0.minesBlocks = false }
        await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(id, options: RunOptions(timeout: .seconds(2)))
        }
        let before = try #require(try await bench.store.operation(id))
        #expect(before.phase == .broadcast)
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine().run(id, options: options(Terms(allowsOnChain: false)))
        }
        #expect(stop?.failure.code == .onChainRefused && stop?.phase == .broadcast)
        #expect(try await bench.store.operation(id)?.intent == before.intent)
        bench.world.change { $0.minesBlocks = true }
        #expect(try await bench.engine().run(id).phase == .running)
    }

    @Test("another goal is gone to")
    func goal() async throws {
        let (bench, _, id) = try await prepared(goal: .committed)
        #expect(try await bench.engine().run(id, options: options(Terms(goal: .running))).phase == .running)
        let (other, _, shorter) = try await prepared()
        #expect(try await other.engine().run(shorter, options: options(Terms(goal: .committed))).phase == .committed)
        let (third, _, wrong) = try await prepared()
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await third.engine().run(wrong, options: options(Terms(goal: .confirmed)))
        }
        #expect(stop?.failure.code == .usage)
    }

    @Test("a raised cap lets a stuck transaction be replaced, and be cancelled")
    func raisedCap() async throws {
        for cancels in [true, false] {
            let bench = try TestBench()
            let (cap, raised) = (UInt256(2_000_000_000), UInt256(20_000_000_000))
            bench.world.change { $0.minesBlocks = false }
            let stop = await #expect(throws: OperationStop.self) {
                _ = try await bench.update(
                    bench.intent(policy: Policy(maxFeePerGas: cap, maxPriorityFeePerGas: 1_000_000)),
                    options: RunOptions(timeout: .seconds(2)))
            }
            let id = try #require(stop?.operation)
            bench.world.change { state in
                state.minesBlocks = true
                state.baseFee = 4_000_000_000
            }
            if cancels {
                let refused = await #expect(throws: OperationStop.self) {
                    _ = try await bench.engine().cancel(id, replace: true, options: RunOptions(timeout: .seconds(9)))
                }
                #expect(refused?.failure.code == .feeCap)
            }
            let terms = Terms(policy: Policy(maxFeePerGas: raised, maxPriorityFeePerGas: cap))
            if cancels {
                let done = try await bench.engine().cancel(id, replace: true, options: options(terms))
                #expect(done.phase == .cancelled && bench.world.registrations.isEmpty)
            } else {
                let done = try await bench.engine().run(id, options: options(terms))
                #expect(done.phase == .running && done.attempts.count > 1)
                #expect(Set(done.attempts.map(\.nonce)) == [0])
            }
        }
    }
}
