// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Transactions, for random fields")
struct TransactionPropertyTests {
    @Test("What is signed decodes to the same, and leads back to the signer")
    func roundTrip() throws {
        var random = SeededGenerator()
        for _ in 0..<300 {
            let key = try random.secretKey()
            let transaction = random.transaction()
            let signed = try key.sign(transaction)
            let decoded = try SignedTransaction(decoding: signed.raw)
            #expect(decoded == signed, "\(random)")
            #expect(decoded.transaction == transaction, "\(random)")
            #expect(try decoded.sender() == key.address, "\(random)")
            #expect(try SignedTransaction(transaction, signature: signed.signature).raw == signed.raw, "\(random)")
        }
    }

    @Test("The unchecked core writes the same bytes into a caller's buffer, and no further")
    func uncheckedCore() throws {
        var random = SeededGenerator()
        for _ in 0..<200 {
            let key = try random.secretKey()
            let transaction = random.transaction()
            let signed = try key.sign(transaction)
            let size = SecretKey.bufferByteCount(for: transaction)
            let fence = 64
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size + fence, alignment: 1)
            defer { buffer.deallocate() }
            buffer.initializeMemory(as: UInt8.self, repeating: 0xa5)
            let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<size])
            let result = try sign(transaction, key, room)
            #expect(Array(room[result.range]) == signed.raw, "\(random)")
            #expect(result.hash == signed.hash, "\(random)")
            #expect(result.signature == signed.signature, "\(random)")
            #expect(buffer[size...].allSatisfy { $0 == 0xa5 }, "\(random)")
            let small = UnsafeMutableRawBufferPointer(rebasing: room.dropLast())
            #expect(throws: SigningError.bufferTooSmall(needed: size)) { try sign(transaction, key, small) }
        }
    }

    private func sign(
        _ transaction: Transaction, _ key: borrowing SecretKey, _ buffer: UnsafeMutableRawBufferPointer
    ) throws(SigningError) -> SignedBytes {
        switch transaction {
        case .legacy(let transaction): try key.signUnchecked(transaction, into: buffer)
        case .eip2930(let transaction): try key.signUnchecked(transaction, into: buffer)
        case .eip1559(let transaction): try key.signUnchecked(transaction, into: buffer)
        }
    }

    @Test("No proper beginning and no continuation of a transaction is accepted")
    func truncation() throws {
        var random = SeededGenerator()
        for _ in 0..<40 {
            let raw = try random.secretKey().sign(random.transaction()).raw
            for length in raw.indices {
                #expect(throws: TransactionError.self, "\(random)") {
                    try SignedTransaction(decoding: Array(raw.prefix(length)))
                }
            }
            #expect(throws: TransactionError.self, "\(random)") { try SignedTransaction(decoding: raw + [0]) }
        }
    }

    @Test("Whatever is accepted after a change of bits encodes to the same bytes")
    func bitFlips() throws {
        var random = SeededGenerator()
        var accepted = 0
        for _ in 0..<40 {
            let raw = try random.secretKey().sign(random.transaction()).raw
            for _ in 0..<200 {
                var changed = raw
                for _ in 0...Int(random.next() % 2) {
                    changed[Int.random(in: changed.indices, using: &random)] ^= 1 << UInt8(random.next() % 8)
                }
                guard let decoded = decode(changed) else { continue }
                accepted += 1
                let again = try SignedTransaction(decoded.transaction, signature: decoded.signature)
                #expect(again.raw == changed, "\(random)")
            }
        }
        #expect(accepted > 0, "\(random)")
    }

    private func decode(_ raw: [UInt8]) -> SignedTransaction? {
        do {
            return try SignedTransaction(decoding: raw)
        } catch {
            return nil
        }
    }
}
