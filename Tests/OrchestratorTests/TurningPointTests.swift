// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Orchestrator

@Suite("The block in which a statement became true")
struct TurningPointTests {
    /// Runs a search over a chain in which it became true at `turn`; how many requests it took.
    private func search(
        from first: UInt64, through last: UInt64, turn: UInt64, width: Int, goal: UInt64 = 1,
        oldestState: UInt64 = 0
    ) -> (TurningPoint, requests: Int) {
        var point = TurningPoint(from: first, through: last)
        for requests in 0..<200 {
            let probes = point.probes(width, goal: goal)
            if probes.isEmpty { return (point, requests) }
            #expect(probes.count <= max(width, 1))
            point.note(probes.map { ($0, $0 < oldestState ? nil : $0 >= turn) })
        }
        Issue.record("no end")
        return (point, 200)
    }

    @Test("it is found, wherever it is and however many questions go into a request", arguments: [1, 2, 3, 15, 100])
    func found(width: Int) {
        for turn in [101, 102, 5000, 15_099, 15_100] as [UInt64] {
            let (point, requests) = search(from: 101, through: 15_100, turn: turn, width: width)
            #expect(point.blocks == turn...turn)
            #expect(requests <= (width == 1 ? 14 : width == 15 ? 4 : 14))
        }
    }

    @Test("fifteen thousand blocks are narrowed to sixty-four in two requests of fifteen questions")
    func cheap() throws {
        for turn in stride(from: 1, through: 15_000, by: 271) {
            let (point, requests) = search(from: 1, through: 15_000, turn: UInt64(turn), width: 15, goal: 64)
            let blocks = try #require(point.blocks)
            #expect(blocks.contains(UInt64(turn)) && blocks.count <= 64)
            #expect(requests <= 2)
        }
    }

    @Test("what was true before the first block has no turning point among them")
    func before() {
        #expect(search(from: 1000, through: 9000, turn: 999, width: 15).0.blocks == nil)
        #expect(search(from: 1000, through: 9000, turn: 0, width: 15).0.blocks == nil)
        // One question at a time does not spend one on that; the log of the first block then shows nothing.
        #expect(search(from: 1000, through: 9000, turn: 0, width: 1).0.blocks == 1000...1000)
    }

    @Test("a node without old states ends the questions, and loses no block that may hold it")
    func pruned() throws {
        for turn in [1, 7000, 14_900, 14_999] as [UInt64] {
            let (point, requests) = search(
                from: 1, through: 15_000, turn: turn, width: 15, goal: 64, oldestState: 14_873)
            #expect(try #require(point.blocks).contains(turn))
            #expect(requests <= 3)
        }
    }

    @Test("states that only some nodes behind an endpoint have never exclude the right block")
    func patchy() throws {
        for turn in stride(from: 1, through: 2000, by: 13) {
            var point = TurningPoint(from: 1, through: 2000)
            for round in 0..<50 {
                let probes = point.probes(7, goal: 1)
                if probes.isEmpty { break }
                point.note(probes.map { ($0, ($0 * 31 + UInt64(round)) % 3 == 0 ? nil : $0 >= UInt64(turn)) })
            }
            #expect(try #require(point.blocks).contains(UInt64(turn)))
        }
    }

    @Test("one block, no block before the first, and the end of all numbers are no trap")
    func extremes() {
        #expect(TurningPoint(from: 0, through: 0).blocks == 0...0)
        #expect(TurningPoint(from: 7, through: 7).blocks == 7...7)
        #expect(TurningPoint(from: 9, through: 3).blocks == 8...8)
        #expect(search(from: 0, through: .max, turn: 12, width: 15).0.blocks?.contains(12) == true)
        #expect(search(from: .max, through: .max, turn: .max, width: 15).0.blocks == .max ... .max)
        var point = TurningPoint(from: 1, through: 100)
        point.note([])
        #expect(point.probes(15, goal: 1) == [])
    }
}
