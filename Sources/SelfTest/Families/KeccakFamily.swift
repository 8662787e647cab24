// SPDX-License-Identifier: Apache-2.0

import Keccak

/// `keccak256`: digests of bytes, and of a text repeated many times.
enum KeccakFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        if vector.has("msg") {
            let message = try vector.bytes("msg")
            try vector.expect("digest", bytes: Keccak256.hash(message).bytes)
            try vector.expect("digest", bytes: inPieces(message).bytes)
        } else {
            try checkRepeated(vector)
        }
    }

    private static func checkRepeated(_ vector: VectorCase) throws(CaseProblem) {
        let text = try vector.bytes("text")
        let count = try vector.integer("repeat")
        let (total, overflow) = text.count.multipliedReportingOverflow(by: count)
        guard count > 0, !text.isEmpty else { throw .failed("text and repeat give no input") }
        guard !overflow, total <= 16 << 30 else { throw .unsupported("an input of more than 16 GiB") }
        // Many repetitions in one buffer, so that the hash function and not this loop takes the time.
        let perBlock = min(count, max(1, 65536 / text.count))
        var block: [UInt8] = []
        block.reserveCapacity(perBlock * text.count)
        for _ in 0..<perBlock { block.append(contentsOf: text) }
        var hash = Keccak256()
        for _ in 0..<(count / perBlock) { hash.update(block) }
        for _ in 0..<(count % perBlock) { hash.update(text) }
        try vector.expect("digest", bytes: hash.finalize().bytes)
    }

    /// The incremental interface, with pieces that lie across the blocks of 136 bytes.
    private static func inPieces(_ message: [UInt8]) -> Keccak256.Digest {
        var hash = Keccak256()
        var start = 0
        var length = 1
        while start < message.count {
            let end = min(start + length, message.count)
            hash.update(Array(message[start..<end]))
            start = end
            length = length * 5 % 211 + 1
        }
        return hash.finalize()
    }
}
