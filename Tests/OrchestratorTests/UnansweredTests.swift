// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("A request to the cloud that was never answered")
struct UnansweredTests {
    private static let lost = CloudError.transport(.lost(HTTPFailure(.timedOut)))

    @Test("forbids cancelling, although the cloud shows nothing of it: it may still arrive")
    func cancel() async throws {
        let bench = try TestBench()
        let (base, hash) = bench.world.read { ($0.base, $0.cvmHash) }
        _ = try await bench.update()
        bench.world.change { state in
            (state.base, state.cvmHash) = (base, hash)
            state.confirmAnswers = Array(repeating: Self.lost, count: 40)
        }
        let engine = bench.engine()
        let again = try await engine.begin(bench.intent())
        await #expect(throws: OperationStop.self) {
            _ = try await engine.run(again.id, options: RunOptions(timeout: .seconds(120)))
        }
        let waiting = try #require(try await bench.store.operation(again.id))
        #expect(waiting.phase == .confirmed)
        #expect(waiting.alreadyRegistered)
        #expect(waiting.openConfirmation != nil)
        let stop = await #expect(throws: OperationStop.self) { _ = try await engine.cancel(again.id, replace: false) }
        #expect(stop?.failure.code == .conflict)
        bench.world.change { $0.confirmAnswers = [] }
        #expect(try await engine.run(again.id).phase == .running)
        #expect(bench.world.registrations.count == 1)
        #expect(bench.world.read { $0.applied.count } == 2)
    }

    @Test("is not repeated at once where the service would carry it out again")
    func rest() async throws {
        let bench = try TestBench()
        let change = Change.composeFile(.composeObject(), EncryptedEnvironment(encrypted: "00ff", keys: []))
        let intent = bench.intent(Flow(name: "", change: change, chainID: nil, registers: false))
        bench.world.change { $0.confirmAnswers = [Self.lost] }
        #expect(try await bench.update(intent).phase == .running)
        #expect(bench.world.read { $0.applied.count == 1 && $0.uptime >= .seconds(5) })
    }

    @Test("or was accepted and came to nothing ends, after ten minutes, where the service has no list that could tell")
    func silence() async throws {
        let bench = try TestBench()
        bench.world.change { state in
            state.takesBack = true
            state.listFault = .missingRoute(World.refusal(404))
        }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.update(options: RunOptions(timeout: .seconds(500)))
        }
        #expect(stop?.failure.code == .timeout)
        let id = try #require(stop?.operation)
        let end = await #expect(throws: OperationStop.self) { _ = try await bench.engine().run(id) }
        #expect(end?.phase == .failed)
        #expect(end?.failure.code == .finalConflict)
        #expect(bench.world.registrations.count == 1)
    }

    @Test("cannot have been ours when there was none: what the hash does not cover is then not applied")
    func twin() async throws {
        for flow in Flow.registering {
            let bench = try TestBench()
            let engine = bench.engine()
            let operation = try await engine.begin(bench.intent(flow))
            bench.world.change { $0.minesBlocks = false }
            await #expect(throws: OperationStop.self) {
                _ = try await engine.run(operation.id, options: RunOptions(timeout: .seconds(2)))
            }
            bench.world.change { state in
                state.minesBlocks = true
                state.cvmHash = state.pending
            }
            if operation.intent.change.isAllInCompose {
                #expect(try await engine.run(operation.id).phase == .running)
            } else {
                let stop = await #expect(throws: OperationStop.self) { _ = try await engine.run(operation.id) }
                #expect(stop?.phase == .superseded)
                #expect(stop?.failure.code == .superseded)
            }
            #expect(bench.world.read { $0.applied.isEmpty })
        }
    }
}
