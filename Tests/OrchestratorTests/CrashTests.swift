// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("A crash at any call is harmless")
struct CrashTests {
    /// Every call that an undisturbed change makes, store included.
    private static func calls(_ flow: Flow) async throws -> [String] {
        let bench = try TestBench()
        _ = try await bench.update(bench.intent(flow))
        return bench.world.read { $0.log }
    }

    @Test(
        "whatever call the power goes at, before or after it took effect, resuming ends with one registration and one update",
        arguments: Flow.registering + Flow.others)
    func everyCall(_ flow: Flow) async throws {
        let names = try await Self.calls(flow)
        #expect(names.count > (flow.registers ? 15 : 5))
        for call in names.indices {
            for side in World.PowerCut.Side.allCases {
                try await crash(flow, at: .init(call: call, side: side), named: names[call])
            }
        }
    }

    private func crash(_ flow: Flow, at cut: World.PowerCut, named name: String) async throws {
        let comment = Comment(rawValue: "\(flow.name): power cut \(cut.side) call \(cut.call), \(name)")
        let bench = try TestBench()
        let intent = bench.intent(flow)
        bench.world.change { $0.cut = cut }
        await #expect(throws: OperationStop.self, comment) { _ = try await bench.update(intent) }
        bench.world.restart()
        if try await bench.store.operations(unfinishedOnly: false).isEmpty { _ = try await bench.update(intent) }
        for unfinished in try await bench.store.operations(unfinishedOnly: true) {
            _ = try await bench.engine().run(unfinished.id)
        }
        #expect(bench.world.registrations.count == (flow.registers ? 1 : 0), comment)
        #expect(bench.world.read { $0.applied.count } == 1, comment)
        let all = try await bench.store.operations(unfinishedOnly: false)
        #expect(all.map(\.phase) == [.running], comment)
        let signed = Set(bench.world.read { $0.sent }.map(\.transaction.nonce))
        #expect(signed == (flow.registers ? [0] : []), comment)
        #expect(try await bench.store.openNonces().isEmpty, comment)
    }

    @Test("nothing is sent whose bytes are not on disk with their mark", arguments: Flow.registering)
    func bytesBeforeSending(_ flow: Flow) async throws {
        let names = try await Self.calls(flow)
        let send = try #require(names.firstIndex(of: "send"))
        #expect(names[..<send].contains("commit signed"))
        #expect(names[send - 1] == "commit send-intended")
        let confirm = try #require(names.firstIndex(of: "confirm"))
        #expect(names[confirm - 1] == "commit confirmation-intended")
    }

    @Test(
        "an undisturbed update needs at most five requests to the cloud before it is committed, and four to the chain",
        arguments: Flow.registering)
    func budget(_ flow: Flow) async throws {
        let names = try await Self.calls(flow)
        let committed = try #require(names.firstIndex(of: "commit committed"))
        let cloud = names[..<committed].filter {
            ["cvm", "composeFile", "prepare", "provision", "confirm"].contains($0)
        }
        #expect(cloud.count <= 5)
        #expect(names.filter { ["head", "examine", "send"].contains($0) }.count <= 4)
    }
}
