// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("RLP, for random input")
struct RLPPropertyTests {
    private func item(_ random: inout SeededGenerator, depth: Int = 0) -> RLPItem {
        if depth < 5, random.next() % 3 == 0 {
            let count = Int.random(in: 0...6, using: &random)
            return .list((0..<count).map { _ in item(&random, depth: depth + 1) })
        }
        let longest = [1, 4, 60, 300][Int(random.next() % 4)]
        return .bytes(random.bytes(upTo: longest))
    }

    @Test("What is encoded decodes to the same, and is the only encoding")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<500 {
            let item = item(&random)
            let encoded = item.encoded
            #expect(try RLPItem(decoding: encoded) == item, "\(random)")
            #expect(try RLP.validate(encoded) == count(item), "\(random)")
        }
    }

    @Test("No proper beginning and no continuation of an encoding is accepted")
    func truncation() {
        var random = SeededGenerator()
        for _ in 0..<100 {
            let encoded = item(&random).encoded
            for length in 0..<min(encoded.count, 200) {
                #expect(throws: RLPError.self, "\(random)") { try RLP.validate(Array(encoded.prefix(length))) }
            }
            #expect(throws: RLPError.self, "\(random)") { try RLP.validate(encoded + [random.bytes(1)[0]]) }
        }
    }

    @Test("Whatever is accepted after a change of bits encodes to the same bytes")
    func bitFlips() {
        var random = SeededGenerator()
        var accepted = 0
        for _ in 0..<3000 {
            var bytes = item(&random).encoded
            for _ in 0...Int.random(in: 0...2, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8(random.next() % 8)
            }
            check(bytes, &accepted, random)
        }
        #expect(accepted > 0, "\(random)")
    }

    @Test("Whatever is accepted of random bytes encodes to the same bytes")
    func noise() {
        var random = SeededGenerator()
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 12)
            // Headers are rare in plain noise.
            let headers: [UInt8] = [0x81, 0xb8, 0xbf, 0xc1, 0xc4, 0xf8, 0xff]
            if !bytes.isEmpty, random.next() & 1 == 0 { bytes[0] = headers[Int(random.next() % 7)] }
            check(bytes, &accepted, random)
        }
        #expect(accepted > 0, "\(random)")
    }

    private func check(_ bytes: [UInt8], _ accepted: inout Int, _ random: SeededGenerator) {
        let tree: RLPItem
        do {
            tree = try RLPItem(decoding: bytes)
        } catch {
            #expect(throws: error, "\(random)") { try RLP.validate(bytes) }
            return
        }
        accepted += 1
        #expect(tree.encoded == bytes, "\(random)")
    }

    private func count(_ item: RLPItem) -> Int {
        switch item {
        case .bytes: 1
        case .list(let items): items.reduce(1) { $0 + count($1) }
        }
    }
}
