// SPDX-License-Identifier: Apache-2.0

import Keccak
import TestSupport
import Testing

@Suite("Keccak-256")
struct KeccakTests {
    @Test(
        "Published digests come out",
        arguments: [
            ("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            ("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
            ("testing", "0x5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02"),
            (
                "The quick brown fox jumps over the lazy dog",
                "0x4d741b6f1eb29cb2a9b9911c82f56fa8d73b04959d3d9d222895df6c0b28aa15"
            ),
        ])
    func publishedDigests(message: String, digest: String) {
        #expect(Keccak256.hash(Array(message.utf8)).description == digest)
    }

    @Test("Every length around three blocks agrees with the textbook")
    func everyLength() {
        var random = SeededGenerator()
        for length in 0...(3 * 136 + 2) {
            let message = random.bytes(length)
            #expect(Keccak256.hash(message).bytes == TextbookKeccak.hash(message), "\(random), length \(length)")
        }
    }

    @Test("Pieces of any size give the digest of the whole")
    func pieces() {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let message = random.bytes(upTo: 1000)
            var hash = Keccak256()
            var rest = message[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...300, using: &random))
                rest = rest.dropFirst(piece.count)
                switch Int.random(in: 0...2, using: &random) {
                case 0: hash.update(Array(piece))
                case 1: hash.update(Array(piece).span)
                default: piece.withUnsafeBytes { hash.update($0) }
                }
            }
            #expect(hash.finalize() == Keccak256.hash(message), "\(random)")
        }
    }

    @Test("At every length up to two blocks and more, pieces cut at random give the digest of the whole")
    func everyLengthInPieces() {
        var random = SeededGenerator()
        for length in 0...300 {
            let message = random.bytes(length)
            let digest = Keccak256.hash(message)
            for _ in 0..<4 {
                let cuts = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    Int.random(in: 0...length, using: &random)
                }
                var hash = Keccak256()
                var start = 0
                for end in cuts.sorted() + [length] {
                    hash.update(Array(message[start..<end]))
                    start = end
                }
                #expect(hash.finalize() == digest, "\(random), length \(length), cuts at \(cuts)")
            }
        }
    }

    @Test("Finalizing leaves the state as it was, and copies go their own ways")
    func copies() {
        var hash = Keccak256()
        hash.update(Array("common ".utf8))
        var other = hash
        #expect(hash.finalize() == Keccak256.hash(Array("common ".utf8)))
        hash.update(Array("one".utf8))
        other.update(Array("two".utf8))
        #expect(hash.finalize() == Keccak256.hash(Array("common one".utf8)))
        #expect(other.finalize() == Keccak256.hash(Array("common two".utf8)))
    }

    @Test("All forms of input give the same digest, and the digest the same bytes")
    func forms() {
        let message = Array("one message".utf8)
        let digest = Keccak256.hash(message)
        #expect(Keccak256.hash(message.span) == digest)
        #expect(message.withUnsafeBytes { Keccak256.hash($0) } == digest)
        #expect(Keccak256.hash(UnsafeRawBufferPointer(start: nil, count: 0)) == Keccak256.hash([]))
        #expect(digest.withUnsafeBytes { Array($0) } == digest.bytes)
        #expect(digest.bytes.count == 32)
    }

    @Test("Input at an odd address is read rightly")
    func oddAddress() {
        var random = SeededGenerator()
        let bytes = random.bytes(600)
        for start in 0..<9 {
            let shifted = bytes.withUnsafeBytes { Keccak256.hash(UnsafeRawBufferPointer(rebasing: $0[start...])) }
            #expect(shifted.bytes == TextbookKeccak.hash(Array(bytes[start...])), "\(random)")
        }
    }
}
