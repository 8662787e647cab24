// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Testing

@testable import Orchestrator

@Suite("Withdrawing a compose hash", .timeLimit(.minutes(1)))
struct HashGuardTests {
    private static let hash = ComposeHash(Bytes32.keccak256([7]))

    /// A world whose contract allows the hash, and whose CVM may run it.
    private func bench(running: Bool) throws -> TestBench {
        let bench = try TestBench()
        bench.world.change { state in
            state.allowed.insert(Self.hash.bytes32)
            if running { state.cvmHash = Self.hash }
        }
        return bench
    }

    private func intent(_ bench: TestBench, accepted: ComposeHash? = nil) -> Intent {
        let plain = bench.intent(.removeComposeHash(Self.hash.bytes32))
        return Intent(
            cvm: plain.cvm, apiURL: plain.apiURL, change: plain.change, goal: .confirmed, acceptedHash: accepted,
            signer: plain.signer)
    }

    @Test("is refused while a CVM of the app has it, and nothing is signed")
    func running() async throws {
        let bench = try bench(running: true)
        let intent = intent(bench)
        let stop = await #expect(throws: OperationStop.self) { try await bench.update(intent) }
        #expect(stop?.failure.code == .hashInUse)
        #expect(stop?.failure.message.contains("web") == true)
        #expect(bench.world.read { $0.sent }.isEmpty)
        let preview = try await bench.engine().callPreview(intent)
        #expect(preview.obstacles.map(\.code) == [.hashInUse] && !preview.isInEffect)
    }

    @Test("goes on when the operator has typed the hash again, and only then")
    func accepted() async throws {
        let bench = try bench(running: true)
        let other = ComposeHash(Bytes32.keccak256([8]))
        let intents = (intent(bench, accepted: other), intent(bench, accepted: Self.hash))
        await #expect(throws: OperationStop.self) { try await bench.update(intents.0) }
        #expect(try await bench.update(intents.1).phase == .confirmed)
        #expect(bench.world.read { !$0.allowed.contains(Self.hash.bytes32) })
    }

    @Test("is looked at again right before the signature, however long ago it began")
    func resumed() async throws {
        let bench = try bench(running: false)
        let engine = bench.engine()
        let operation = try await engine.begin(intent(bench))
        bench.world.change { $0.cvmHash = Self.hash }
        let stop = await #expect(throws: OperationStop.self) { try await engine.run(operation.id) }
        #expect(stop?.failure.code == .hashInUse && stop?.phase == .failed)
        #expect(bench.world.read { $0.sent }.isEmpty)
    }

    @Test("waits while the cloud cannot be asked")
    func outOfReach() async throws {
        let bench = try bench(running: true)
        bench.world.change { $0.answers = [.transport(.lost(HTTPFailure(.closed)))] }
        let stop = await #expect(throws: OperationStop.self) { try await bench.update(intent(bench)) }
        #expect(stop?.failure.code == .hashInUse, "asked again, the cloud says what runs")
    }

    @Test("is refused while an unfinished operation is about to bring it")
    func aboutToCome() async throws {
        let bench = try bench(running: false)
        var operation = Orchestrator.Operation(
            id: try #require(OperationID("op-0123456789abcdef")),
            intent: Intent(
                cvm: "other", apiURL: "https://other.example/", change: .patch(["docker_compose_file": ""]),
                signer: nil), at: Timestamp(milliseconds: 1))
        operation.plan(Preparation(composeHash: Self.hash, spelledHash: Self.hash.hex, app: World.app))
        let entry = HistoryEntry(at: operation.createdAt, phase: .created, event: "created")
        _ = try await bench.store.create(operation, entry: entry)
        let stop = await #expect(throws: OperationStop.self) { try await bench.update(intent(bench)) }
        #expect(stop?.failure.code == .hashInUse)
        #expect(stop?.failure.message.contains(operation.id.text) == true)
    }

    @Test("A call that another unfinished one contradicts is no call to make, even if all is as wanted now")
    func rivals() async throws {
        let bench = try bench(running: false)
        let engine = bench.engine()
        let device = Bytes32.keccak256([9])
        let adding = try await engine.begin(bench.intent(.addDevice(device)))
        let removing = try await engine.callPreview(bench.intent(.removeDevice(device)))
        #expect(removing.isInEffect && removing.obstacles.map(\.code) == [.conflict])
        #expect(removing.obstacles.first?.message.contains(adding.id.text) == true)
        #expect(try await engine.callPreview(bench.intent(.addDevice(device))).obstacles.isEmpty)
        #expect(try await engine.callPreview(bench.intent(.removeDevice(.keccak256([10])))).obstacles.isEmpty)
        _ = try await engine.run(adding.id)
        #expect(try await engine.callPreview(bench.intent(.removeDevice(device))).obstacles.isEmpty)
    }
}
