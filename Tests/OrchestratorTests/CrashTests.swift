// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@testable import Orchestrator

@Suite("A crash at any call is harmless")
struct CrashTests {
    /// Every call that an undisturbed update makes, store included.
    private static func calls() async throws -> [String] {
        let bench = try TestBench()
        _ = try await bench.update()
        return bench.world.read { $0.log }
    }

    @Test("whatever call the power goes at, before or after it took effect, resuming ends with one registration")
    func everyCall() async throws {
        let names = try await Self.calls()
        #expect(names.count > 15)
        for call in names.indices {
            for side in World.PowerCut.Side.allCases {
                try await crash(at: .init(call: call, side: side), named: names[call])
            }
        }
    }

    private func crash(at cut: World.PowerCut, named name: String) async throws {
        let comment = Comment(rawValue: "power cut \(cut.side) call \(cut.call), \(name)")
        let bench = try TestBench()
        bench.world.change { $0.cut = cut }
        await #expect(throws: OperationStop.self, comment) { _ = try await bench.update() }
        bench.world.restart()
        if try await bench.store.operations(unfinishedOnly: false).isEmpty { _ = try await bench.update() }
        for unfinished in try await bench.store.operations(unfinishedOnly: true) {
            _ = try await bench.engine().run(unfinished.id)
        }
        #expect(bench.world.registrations.count == 1, comment)
        #expect(bench.world.read { $0.applied.count } == 1, comment)
        let all = try await bench.store.operations(unfinishedOnly: false)
        #expect(all.map(\.phase) == [.running], comment)
        let signed = Set(bench.world.read { $0.sent }.map(\.transaction.nonce))
        #expect(signed == [0], comment)
        #expect(try await bench.store.openNonces().isEmpty, comment)
    }

    @Test("nothing is sent whose bytes are not on disk with their mark")
    func bytesBeforeSending() async throws {
        let names = try await Self.calls()
        let send = try #require(names.firstIndex(of: "send"))
        #expect(names[..<send].contains("commit signed"))
        #expect(names[send - 1] == "commit send-intended")
        let confirm = try #require(names.firstIndex(of: "confirm"))
        #expect(names[confirm - 1] == "commit confirmation-intended")
    }

    @Test(
        "an undisturbed update needs at most five requests to the cloud before it is committed, and four to the chain")
    func budget() async throws {
        let names = try await Self.calls()
        let committed = try #require(names.firstIndex(of: "commit committed"))
        let cloud = names[..<committed].filter { ["cvm", "composeFile", "patch", "confirm"].contains($0) }
        #expect(cloud.count <= 5)
        #expect(names.filter { ["head", "examine", "send"].contains($0) }.count <= 4)
    }
}
