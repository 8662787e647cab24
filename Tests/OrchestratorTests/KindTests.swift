// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("Every kind of change")
struct KindTests {
    /// The compose-file pair on a CVM without a chain.
    private static let unchained = Flow(
        name: "compose object, no chain", change: .composeFile(.composeObject(script: "echo given"), nil), chainID: nil,
        registers: false)

    private func phases(_ bench: TestBench, _ operation: Orchestrator.Operation) async throws -> [Phase] {
        var distinct: [Phase] = []
        for phase in try await bench.store.history(of: operation.id).map(\.phase) where distinct.last != phase {
            distinct.append(phase)
        }
        return distinct
    }

    @Test("goes through all phases, and the CVM ends with the object that was verified", arguments: Flow.registering)
    func allPhases(_ flow: Flow) async throws {
        let bench = try TestBench()
        let operation = try await bench.update(bench.intent(flow))
        #expect(operation.kind == flow.change.kind)
        #expect(operation.verification == .recomputed)
        #expect(
            try await phases(bench, operation) == [
                .created, .prepared, .verified, .signed, .broadcast, .mined, .confirmed, .committed, .running,
            ])
        #expect(bench.world.read { $0.cvmHash } == operation.preparation?.composeHash)
        #expect(bench.world.read { $0.base } == World.object(after: flow.change, of: .composeObject()))
        #expect(try await bench.store.operation(operation.id) == operation)
    }

    @Test("has the name that programs read")
    func names() {
        #expect(
            Flow.registering.map(\.change.kind.rawValue) == [
                "patch", "pre-launch-script", "envs", "docker-compose", "compose-file",
            ])
    }

    @Test("that provisions commits without a registration where no chain is, and its hash is verified all the same")
    func withoutChain() async throws {
        let bench = try TestBench()
        let operation = try await bench.update(bench.intent(Self.unchained))
        #expect(operation.verification == .notRequired)
        #expect(!operation.alreadyRegistered)
        #expect(
            try await phases(bench, operation) == [.created, .prepared, .confirmed, .committed, .running])
        #expect(bench.world.read { state in !state.log.contains { ["head", "examine", "look", "send"].contains($0) } })

        let lied = try TestBench()
        lied.world.change { $0.overrideHash = Bytes32.keccak256([9]).hex }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await lied.update(lied.intent(Self.unchained))
        }
        #expect(stop?.failure.code == .hashMismatch)
        #expect(stop?.phase == .failed)
        #expect(lied.world.read { $0.applied.isEmpty && !$0.log.contains("confirm") })
    }

    @Test("is refused where the service wants a registration that no chain can hold", arguments: Flow.registering)
    func demandWithoutChain(_ flow: Flow) async throws {
        let bench = try TestBench()
        let unchained = Flow(name: flow.name, change: flow.change, chainID: nil, registers: false)
        bench.world.change {
            $0.demandsAlways = true
            $0.overrideChain = flow.change.kind == .composeFile ? 1 : nil
        }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(bench.intent(unchained))
        }
        #expect(stop?.failure.code == .wrongChain)
        #expect(bench.world.read { $0.applied.isEmpty && $0.sent.isEmpty })
    }

    @Test("but the PATCH knows no commit token, and asking for one is refused before anything is sent or stored")
    func prepareOnly() async throws {
        for flow in Flow.registering where flow.change.kind != .patch {
            let bench = try TestBench()
            let intent = bench.intent(flow, mode: .prepareOnly)
            let stop = await #expect(throws: OperationStop.self) { _ = try await bench.engine().begin(intent) }
            #expect(stop?.failure.code == .usage)
            #expect(bench.world.read { $0.log.isEmpty })
            #expect(try await bench.store.operations(unfinishedOnly: false).isEmpty)
            #expect(try await bench.engine().preview(intent).obstacles.first?.code == .usage)
        }
    }

    @Test(
        "is prepared again after a 466, in its own way, and the same hash needs no second registration",
        arguments: Flow.registering)
    func renewal(_ flow: Flow) async throws {
        let bench = try TestBench()
        let intent = bench.intent(flow)
        bench.world.change { $0.confirmAnswers = [.hashExpired(World.refusal(466))] }
        let operation = try await bench.update(intent)
        #expect(operation.phase == .running)
        #expect(operation.renewals == 1)
        #expect(bench.world.registrations.count == 1)
        let calls = bench.world.read { $0.log }
        switch flow.change.kind {
        case .patch: #expect(calls.count { $0 == "prepare-only" } == 1 && calls.contains("commit"))
        case .preLaunchScript, .envs, .dockerCompose: #expect(calls.count { $0 == "prepare" } == 2)
        case .composeFile: #expect(calls.count { $0 == "provision" } == 2)
        case .replica, .contractCall: Issue.record("nothing is prepared for a call of a contract")
        }
    }

    @Test("that is no longer provisioned (400) is provisioned again, three times at most")
    func provisionGone() async throws {
        let bench = try TestBench()
        let intent = bench.intent(Self.unchained)
        bench.world.change { $0.confirmAnswers = [.rejected(World.refusal(400))] }
        #expect(try await bench.update(intent).renewals == 1)

        let stubborn = try TestBench()
        let again = stubborn.intent(Self.unchained)
        stubborn.world.change { $0.confirmAnswers = Array(repeating: .rejected(World.refusal(400)), count: 9) }
        let stop = await #expect(throws: OperationStop.self) { _ = try await stubborn.update(again) }
        #expect(stop?.failure.code == .finalConflict)
        #expect(stop?.phase == .superseded)
        #expect(stubborn.world.read { state in state.log.count { $0 == "provision" } } == 4)
    }

    @Test("whose commit is refused with nothing on chain gives way to the operator's next wish")
    func refusedCommit() async throws {
        let bench = try TestBench()
        let intent = bench.intent(Self.unchained)
        bench.world.change { $0.confirmAnswers = [.validation([], World.refusal(422))] }
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        #expect(stop?.failure.code == .validation)
        let first = try #require(stop?.operation)
        #expect(try await bench.store.operation(first)?.mayBeCancelled == true)
        let next = Flow(
            name: "", change: .composeFile(.composeObject(script: "x"), nil), chainID: nil, registers: false)
        #expect(try await bench.update(bench.intent(next)).phase == .running)
        #expect(try await bench.store.operation(first)?.phase == .superseded)
        #expect(bench.world.read { $0.applied.count } == 1)
    }

    @Test("that leaves the hash as it is stops and asks when nobody can tell whether its commit was applied")
    func unknownCommit() async throws {
        let same = Flow(name: "", change: .composeFile(.composeObject(), nil), chainID: nil, registers: false)
        for (answer, applied) in [(UnknownOutcome.sendAgain, 1), (.assumeApplied, 0)] {
            let bench = try TestBench()
            let intent = bench.intent(same)
            bench.world.change {
                $0.confirmAnswers = [.unreadable(status: 502, reason: "it is empty")]
                $0.listFault = .missingRoute(World.refusal(404))
            }
            let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
            #expect(stop?.failure.code == .unavailable)
            #expect(stop?.phase == .confirmed)
            let id = try #require(stop?.operation)
            let done = try await bench.engine().run(id, options: RunOptions(unknownOutcome: answer))
            #expect(done.phase == .running)
            #expect(bench.world.read { $0.applied.count } == applied)
        }
    }

    @Test("that leaves the hash as it is does not take an older operation of the list for its own")
    func olderOperation() async throws {
        let bench = try TestBench()
        _ = try await bench.update(bench.intent(Self.unchained))
        #expect(bench.world.read { $0.applied.count } == 1)
        // The same object again: the hash stays, and the answer to the commit is lost before it arrives.
        let intent = bench.intent(Self.unchained)
        bench.world.change { $0.confirmAnswers = [.unreadable(status: 502, reason: "it is empty")] }
        #expect(try await bench.update(intent).correlationID == "correlation-2")
        #expect(bench.world.read { $0.applied.count } == 2)
    }

    @Test("signs nothing where a registration was forbidden, whatever hash the operator accepts")
    func forbiddenRegistration() async throws {
        let bench = try TestBench()
        let hash = try #require(bench.world.read { $0.cvmHash })
        bench.world.change { $0.allowed.removeAll() }
        let intent = Intent(
            cvm: "my-app", apiURL: "https://cloud.example/api/v1", change: .composeFile(.composeObject(), nil),
            acceptedHash: hash, allowsOnChain: false, signer: World.signer()?.address)
        let stop = await #expect(throws: OperationStop.self) { _ = try await bench.update(intent) }
        #expect(stop?.failure.code == .onChainRefused)
        #expect(stop?.phase == .failed)
        #expect(bench.world.read { $0.sent.isEmpty && $0.applied.isEmpty })
    }

    @Test("asks for the same only if it is of the same kind with the same content")
    func sameWish() async throws {
        for flow in Flow.registering {
            let bench = try TestBench()
            let engine = bench.engine()
            let first = try await engine.begin(bench.intent(flow))
            #expect(try await engine.begin(bench.intent(flow)).id == first.id)
            for other in Flow.registering where other.change != flow.change {
                #expect(!bench.intent(flow).asksTheSame(as: bench.intent(other)))
            }
        }
    }

    @Test(
        "killed at random calls, again and again, happens exactly once",
        arguments: Flow.registering + Flow.others)
    func killedAgainAndAgain(_ flow: Flow) async throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<8 {
            let seed = UInt64.random(in: .min ... .max, using: &generator)
            try await survive(flow, seed: seed)
        }
    }

    private func survive(_ flow: Flow, seed: UInt64) async throws {
        let comment = Comment(rawValue: "\(flow.name), seed \(seed)")
        var state = seed
        func draw(_ bound: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % bound)
        }
        let bench = try TestBench()
        let intent = bench.intent(flow)
        for turn in 0..<40 {
            let calls = bench.world.read { $0.calls }
            let side: World.PowerCut.Side = draw(2) == 0 ? .before : .after
            // The last turn is undisturbed.
            bench.world.change { $0.cut = turn == 39 ? nil : .init(call: calls + draw(12), side: side) }
            do {
                if let unfinished = try await bench.store.operations(unfinishedOnly: false).first {
                    if try await bench.engine().run(unfinished.id).phase == .running { break }
                } else {
                    _ = try await bench.update(intent)
                    break
                }
            } catch is OperationStop {
                bench.world.restart()
            }
        }
        bench.world.restart()
        #expect(bench.world.read { $0.applied.count } == 1, comment)
        #expect(bench.world.registrations.count == (flow.registers ? 1 : 0), comment)
        #expect(try await bench.store.operations(unfinishedOnly: false).map(\.phase) == [.running], comment)
        #expect(Set(bench.world.read { $0.sent }.map(\.transaction.nonce)).count <= 1, comment)
    }
}
