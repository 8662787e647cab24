// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Decoding EIP-1559 transactions by themselves")
struct TypedDecodingTests {
    /// What one of the two decoders makes of bytes.
    private enum Outcome: Equatable {
        case decoded(Transaction, Signature)
        case refused(TransactionError)
    }

    private func typed(_ raw: [UInt8]) -> Outcome {
        do throws(TransactionError) {
            return try raw.span.withUnsafeBytes { bytes throws(TransactionError) in
                let (transaction, signature) = try EIP1559Transaction.decode(signed: bytes)
                return .decoded(.eip1559(transaction), signature)
            }
        } catch {
            return .refused(error)
        }
    }

    private func general(_ raw: [UInt8]) -> Outcome {
        do throws(TransactionError) {
            let (transaction, signature) = try Transaction.decode(raw)
            return .decoded(transaction, signature)
        } catch {
            return .refused(error)
        }
    }

    @Test("Both decoders say the same of every type-2 transaction, sound, changed or cut")
    func agreement() throws {
        var random = SeededGenerator()
        var compared = 0
        while compared < 60 {
            let transaction = random.transaction()
            guard case .eip1559 = transaction else { continue }
            compared += 1
            let raw = try random.secretKey().sign(transaction).raw
            #expect(typed(raw) == general(raw), "\(random)")
            for _ in 0..<100 {
                var changed = raw
                changed[Int.random(in: 1..<raw.count, using: &random)] ^= 1 << UInt8(random.next() % 8)
                if random.next() % 4 == 0 { changed.removeLast(Int.random(in: 0..<raw.count, using: &random)) }
                #expect(typed(changed) == general(changed), "\(random)")
            }
        }
    }

    @Test("Other first bytes are refused, and no bytes at all")
    func otherTypes() {
        #expect(typed([]) == .refused(.rlp(.emptyInput)))
        #expect(typed([1, 0xc0]) == .refused(.unknownType(1)))
        #expect(typed([0xc0]) == .refused(.notATransaction(firstByte: 0xc0)))
    }

    @Test("Integers that end with the input, or a byte before it, are read rightly")
    func lastBytes() throws {
        var fields = TransactionFaultTests.fields()
        for tail in 1...12 {
            let number = [UInt8](1...UInt8(tail))
            fields[11] = .bytes(number)
            let raw = TransactionFaultTests.raw(fields)
            guard case .decoded(_, let signature) = typed(raw) else {
                Issue.record("\(tail) bytes of s are refused")
                continue
            }
            #expect(signature.s == UInt256(bigEndianBytes: number), "\(tail) bytes of s")
        }
    }
}
