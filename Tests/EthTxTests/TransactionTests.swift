// SPDX-License-Identifier: Apache-2.0

import EthTx
import TestSupport
import Testing

@Suite("Transactions")
struct TransactionTests {
    static let recipient = Address(bytes: [UInt8](repeating: 0x35, count: 20))

    /// The transaction of EIP-155's worked example.
    static let eip155 = Transaction.legacy(
        LegacyTransaction(
            chainID: 1, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 21_000, to: recipient,
            value: 1_000_000_000_000_000_000))

    static func key() throws -> SecretKey { try SecretKey(bytes: [UInt8](repeating: 0x46, count: 32)) }

    @Test("EIP-155's worked example: payload, hash, signature and bytes")
    func eip155() throws {
        let transaction = Self.eip155
        #expect(
            Hex.encode(transaction.signingPayload)
                == "0xec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080")
        #expect(
            transaction.signingHash.hex == "0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53")
        let signed = try Self.key().sign(transaction)
        #expect(signed.v == 37)
        #expect(
            signed.signature.r.decimal
                == "18515461264373351373200002665853028612451056578545711640558177340181847433846")
        #expect(
            signed.signature.s.decimal
                == "46948507304638947509940763649030358759909902576025900602547168820602576006531")
        let raw =
            "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
            + "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800cc"
            + "f555c9f3dc64214b297fb1966a3b6d83"
        #expect(Hex.encode(signed.raw) == raw)
        #expect(try SignedTransaction(decoding: Hex.decode(raw)) == signed)
        #expect(try signed.sender().checksummed == "0x9d8A62f656a8d1615C1294fd71e9CFb3E4855A4F")
    }

    @Test("An EIP-1559 transaction agrees with another implementation (eth-account 0.14.0)")
    func eip1559() throws {
        let transaction = Transaction.eip1559(
            EIP1559Transaction(
                chainID: 1, nonce: 9, maxPriorityFeePerGas: 2_000_000_000, maxFeePerGas: 30_000_000_000,
                gasLimit: 21_000, to: Self.recipient, value: 1_000_000_000_000_000_000))
        let signed = try Self.key().sign(transaction)
        let raw =
            "0x02f873010984773594008506fc23ac00825208943535353535353535353535353535353535353535880de0b6b3a764000080"
            + "c080a02b03b67e070f45175ce9d07c4512720168bd468a24edb6997977a53d48c87a12a0733d775fdd689d306e08ac8ab399"
            + "f34b5a0253b47ed81b8bf2d2a6ea607fcac7"
        #expect(Hex.encode(signed.raw) == raw)
        #expect(signed.hash.hex == "0xbb94970b7e5afad02e4e38a462eacd085a96791deacaab2827d61aeb20e0778e")
        #expect(try SignedTransaction(decoding: Hex.decode(raw)) == signed)
    }

    @Test("An EIP-2930 transaction with an access list agrees with another implementation (eth-account 0.14.0)")
    func eip2930() throws {
        let one = UInt256(1).bytes32
        let recipient = try #require(Self.recipient)
        let transaction = Transaction.eip2930(
            EIP2930Transaction(
                chainID: 1, nonce: 9, gasPrice: 20_000_000_000, gasLimit: 60_000, to: recipient,
                value: 1_000_000_000_000_000_000, data: [0xde, 0xad, 0xbe, 0xef],
                accessList: [AccessListEntry(address: recipient, storageKeys: [one, UInt256(2).bytes32])]))
        let signed = try Self.key().sign(transaction)
        #expect(signed.hash.hex == "0x13b50b5b3866657c24d5c4b5ee26639b753781061d179a43d76d554a12c439aa")
        #expect(try SignedTransaction(decoding: signed.raw) == signed)
    }

    @Test("Without replay protection v is 27 or 28, and the chain stays open")
    func unprotected() throws {
        let transaction = Transaction.legacy(
            LegacyTransaction(chainID: nil, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: nil, data: [0x60]))
        let signed = try Self.key().sign(transaction)
        #expect(signed.v == 27 || signed.v == 28)
        let decoded = try SignedTransaction(decoding: signed.raw)
        #expect(decoded.transaction.chainID == nil)
        #expect(try decoded.sender() == Self.key().address)
    }

    @Test("v may fill 256 bits, and a chain identifier beyond that is refused before signing")
    func widestChain() throws {
        let greatest = try #require(
            UInt256(decimal: "57896044618658097711785492504343953926634992332820282019728792003956564819949"))
        var legacy = LegacyTransaction(chainID: greatest, nonce: 0, gasPrice: 1, gasLimit: 21_000, to: Self.recipient)
        let signed = try Self.key().sign(.legacy(legacy))
        #expect(signed.v.significantBitCount == 256)
        #expect(try SignedTransaction(decoding: signed.raw) == signed)
        legacy.chainID = greatest.adding(1)
        #expect(throws: SigningError.chainIDTooGreat) { try Self.key().sign(.legacy(legacy)) }
        #expect(throws: TransactionError.chainIDTooGreat) {
            try SignedTransaction(.legacy(legacy), signature: signed.signature)
        }
    }

    @Test("Kinds that are not known are refused, or kept as they are")
    func unknownKinds() throws {
        #expect(throws: TransactionError.unknownType(3)) { try SignedTransaction(decoding: [3, 0xc0]) }
        #expect(throws: TransactionError.notATransaction(firstByte: 0x80)) { try SignedTransaction(decoding: [0x80]) }
        #expect(throws: TransactionError.rlp(.emptyInput)) { try SignedTransaction(decoding: []) }
        #expect(try DecodedTransaction(decoding: [3, 0xc0]) == .opaque(typeByte: 3, raw: [3, 0xc0]))
        #expect(throws: TransactionError.notATransaction(firstByte: 0xb8)) { try DecodedTransaction(decoding: [0xb8]) }
        let signed = try Self.key().sign(Self.eip155)
        #expect(try DecodedTransaction(decoding: signed.raw) == .known(signed))
    }

    @Test("Two transactions differ in the first field that differs")
    func difference() throws {
        var random = SeededGenerator()
        for _ in 0..<100 {
            let transaction = random.transaction()
            #expect(transaction.firstDifference(from: transaction) == nil, "\(random)")
            let other = random.transaction()
            #expect((transaction.firstDifference(from: other) == nil) == (transaction == other), "\(random)")
        }
        guard case .legacy(var legacy) = Self.eip155 else { return }
        legacy.gasPrice = 1
        #expect(Self.eip155.firstDifference(from: .legacy(legacy)) == .gasPrice)
        legacy.chainID = nil
        #expect(Self.eip155.firstDifference(from: .legacy(legacy)) == .chainID)
    }

    @Test("Signatures out of range or with a high s are refused by name")
    func signatureRange() throws {
        let order = Secp256k1.order
        let half = Secp256k1.halfOrder
        #expect(throws: SignatureFault.rOutOfRange) { try Signature(yParity: false, r: 0, s: 1) }
        #expect(throws: SignatureFault.rOutOfRange) { try Signature(yParity: false, r: order, s: 1) }
        #expect(throws: SignatureFault.sOutOfRange) { try Signature(yParity: false, r: 1, s: 0) }
        #expect(throws: SignatureFault.sOutOfRange) { try Signature(yParity: false, r: 1, s: order) }
        #expect(throws: SignatureFault.highS) { try Signature(yParity: false, r: 1, s: #require(half.adding(1))) }
        #expect(try Signature(yParity: true, r: 1, s: half).s == half)
        #expect(half.addingReportingOverflow(half).partialValue.adding(1) == order)
    }

    @Test("A signature in 65 bytes comes back, with v of either habit")
    func signatureBytes() throws {
        let signature = try Self.key().sign(digest: Bytes32.keccak256([1]))
        var bytes = signature.bytes
        #expect(try Signature(bytes: bytes) == signature)
        bytes[64] -= 27
        #expect(try Signature(bytes: bytes) == signature)
        bytes[64] = 29
        #expect(throws: SignatureFault.invalidV) { try Signature(bytes: bytes) }
        #expect(throws: SignatureFault.unrecoverable) { try Signature(bytes: Array(bytes.dropLast())) }
    }
}
