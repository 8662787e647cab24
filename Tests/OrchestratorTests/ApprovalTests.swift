// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import Testing

@testable import Orchestrator

@Suite("An approval that is waited for")
struct ApprovalTests {
    private static let day: Duration = .seconds(86_400)

    private func waiting(_ time: Duration, rest: Duration? = .seconds(600)) -> RunOptions {
        RunOptions(timeout: time, approval: .init(waits: true, rest: rest))
    }

    private func prepared() async throws -> (TestBench, OperationID, Bytes32) {
        let bench = try TestBench()
        bench.world.change { $0.minesBlocks = false }
        let operation = try await bench.update(bench.intent(mode: .prepareOnly))
        return (bench, operation.id, try #require(operation.preparation?.composeHash.bytes32))
    }

    @Test("is found after ten days, with a look a minute and one question each")
    func tenDays() async throws {
        let (bench, id, hash) = try await prepared()
        let before = bench.world.read { $0.log.count }
        bench.world.change { $0.events = [World.Happening(Self.day * 10) { _ = $0.allowed.insert(hash) }] }
        let done = try await bench.engine(signer: nil).run(id, options: waiting(Self.day * 15))
        #expect(done.phase == .running)
        let log = bench.world.read { Array($0.log[before...]) }
        let looks = log.filter { $0 == "look" }.count
        #expect(looks > 10 * 1440 && looks < 10 * 1440 + 60)
        #expect(log.filter { $0 == "head" }.isEmpty)
        #expect(log.filter { $0 == "cvm" }.count < 10)
        #expect(bench.world.read { $0.sent.isEmpty && $0.applied.count == 1 })
    }

    @Test("that comes soon is noticed soon")
    func soon() async throws {
        let (bench, id, hash) = try await prepared()
        let start = bench.world.read { $0.uptime }
        bench.world.change { $0.events = [World.Happening(start + .seconds(20)) { _ = $0.allowed.insert(hash) }] }
        _ = try await bench.engine(signer: nil).run(id, options: waiting(.seconds(3600)))
        #expect(bench.world.read { $0.uptime } - start < .seconds(40))
    }

    @Test("outlives an endpoint that is out of reach for a day")
    func outage() async throws {
        let (bench, id, hash) = try await prepared()
        bench.world.change {
            $0.events = [
                World.Happening(.seconds(100)) { $0.chainFault = .unavailable("away") },
                World.Happening(Self.day) { $0.chainFault = .notAnEndpoint("a page about maintenance") },
                World.Happening(Self.day * 2) { $0.chainFault = nil },
                World.Happening(Self.day * 3) { _ = $0.allowed.insert(hash) },
            ]
        }
        let done = try await bench.engine(signer: nil).run(id, options: waiting(Self.day * 4))
        #expect(done.phase == .running)
    }

    @Test("stops at once where it can never be seen: another chain")
    func wrongChain() async throws {
        let (bench, id, _) = try await prepared()
        bench.world.change { $0.chainFault = .wrongChain(expected: 31337, found: 1, endpoint: "e") }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: nil).run(id, options: waiting(Self.day))
        }
        #expect(stop?.failure.code == .wrongChain)
    }

    @Test("that does not come in time leaves everything as it is, and can be waited for again")
    func tooLate() async throws {
        let (bench, id, hash) = try await prepared()
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: nil).run(id, options: waiting(Self.day))
        }
        #expect(stop?.failure.code == .timeout)
        #expect(stop?.failure.hint.contains("countersign commit \(id)") == true)
        #expect(try await bench.store.operation(id)?.phase == .awaitingApproval)
        bench.world.change { _ = $0.allowed.insert(hash) }
        #expect(try await bench.engine(signer: nil).run(id, options: waiting(Self.day)).phase == .running)
    }

    @Test("that comes at the last moment leaves time for the rest")
    func lastMoment() async throws {
        let (bench, id, hash) = try await prepared()
        let start = bench.world.read { $0.uptime }
        bench.world.change { $0.events = [World.Happening(start + .seconds(990)) { _ = $0.allowed.insert(hash) }] }
        #expect(
            try await bench.engine(signer: nil).run(id, options: waiting(.seconds(1000))).phase == .running)
    }

    @Test("after the token has expired is committed with a fresh one, and registered once")
    func expired() async throws {
        let (bench, id, hash) = try await prepared()
        bench.world.change {
            $0.events = [
                // The service counts tokens; the newest is the one that is valid.
                World.Happening(Self.day * 14) { $0.tokens += 1 },
                World.Happening(Self.day * 15) { _ = $0.allowed.insert(hash) },
            ]
        }
        let done = try await bench.engine(signer: nil).run(id, options: waiting(Self.day * 20))
        #expect(done.phase == .running)
        #expect(done.renewals == 1)
        #expect(done.preparation?.composeHash.bytes32 == hash)
        #expect(bench.world.read { $0.log.filter { $0 == "prepare-only" }.count } == 2)
        #expect(bench.world.read { $0.applied.count == 1 && $0.sent.isEmpty })
    }

    @Test("after the service came to another hash is a stop, not a surprise")
    func otherHash() async throws {
        let (bench, id, hash) = try await prepared()
        bench.world.change {
            $0.events = [
                World.Happening(Self.day * 14) {
                    $0.tokens += 1
                    $0.overrideHash = String(repeating: "ab", count: 32)
                },
                World.Happening(Self.day * 15) { _ = $0.allowed.insert(hash) },
            ]
        }
        let stop = await #expect(throws: OperationStop.self) {
            _ = try await bench.engine(signer: nil).run(id, options: waiting(Self.day * 20))
        }
        #expect(stop?.failure.code == .superseded)
        #expect(bench.world.read { $0.applied.isEmpty })
        #expect(try await bench.store.operation(id)?.phase == .failed)
    }

    @Test("survives a crash at any call of the wait and of what follows")
    func crashes() async throws {
        let (counted, first, hash) = try await prepared()
        counted.world.change { $0.events = [World.Happening(.seconds(10)) { _ = $0.allowed.insert(hash) }] }
        let before = counted.world.read { $0.calls }
        _ = try await counted.engine(signer: nil).run(first, options: waiting(Self.day))
        let calls = counted.world.read { $0.calls }
        for call in before..<calls {
            for side in World.PowerCut.Side.allCases {
                let comment = Comment(rawValue: "power cut \(side) call \(call)")
                let (bench, id, hash) = try await prepared()
                bench.world.change {
                    $0.events = [World.Happening(.seconds(10)) { _ = $0.allowed.insert(hash) }]
                    $0.cut = .init(call: call, side: side)
                }
                await #expect(throws: OperationStop.self, comment) {
                    _ = try await bench.engine(signer: nil).run(id, options: waiting(.seconds(300)))
                }
                bench.world.restart()
                let done = try await bench.engine(signer: nil).run(id, options: waiting(Self.day))
                #expect(done.phase == .running, comment)
                #expect(bench.world.read { $0.applied.count == 1 && $0.sent.isEmpty }, comment)
            }
        }
    }
}
