// SPDX-License-Identifier: Apache-2.0

import EthTx
import Synchronization
import TestSupport
import Testing

@Suite("Keys and signatures")
struct KeyTests {
    @Test("RFC 6979 over secp256k1: the well-known signature of key 1")
    func rfc6979() throws {
        let key = try SecretKey(bytes: UInt256(1).bigEndianBytes)
        let signature = try key.sign(digest: SHA256.hash(Array("Satoshi Nakamoto".utf8)))
        #expect(signature.r.bytes32.hex == "0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8")
        #expect(signature.s.bytes32.hex == "0x2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")
        #expect(key.address.checksummed == "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf")
    }

    @Test("Signatures are the same each time, low, and lead back to the key")
    func signatures() throws {
        var random = SeededGenerator()
        for _ in 0..<100 {
            let key = try random.secretKey()
            let digest = Bytes32.keccak256(random.bytes(8))
            let signature = try key.sign(digest: digest)
            #expect(try key.signUnchecked(digest: digest) == signature, "\(random)")
            #expect(signature.s <= Secp256k1.halfOrder, "\(random)")
            #expect(try signature.recover(from: digest) == key.publicKey, "\(random)")
            let (r, s, publicKey) = (signature.r, signature.s, key.publicKey)
            #expect(Secp256k1.verify(digest: digest, r: r, s: s, publicKey: publicKey), "\(random)")
            let high = try #require(Secp256k1.order.subtracting(s))
            #expect(Secp256k1.verify(digest: digest, r: r, s: high, publicKey: publicKey), "\(random)")
            #expect(!Secp256k1.verify(digest: .zero, r: r, s: s, publicKey: publicKey), "\(random)")
            #expect(PublicKey(bytes: publicKey.compressed) == publicKey, "\(random)")
            #expect(PublicKey(bytes: publicKey.uncompressed) == publicKey, "\(random)")
        }
    }

    @Test("Values out of range recover and verify nothing")
    func outOfRange() throws {
        let key = try SecretKey(bytes: [UInt8](repeating: 5, count: 32))
        let digest = Bytes32.keccak256([])
        let (order, publicKey) = (Secp256k1.order, key.publicKey)
        for (r, s) in [(0, 1), (1, 0), (order, 1), (1, order), (.max, .max)] as [(UInt256, UInt256)] {
            #expect(Secp256k1.recover(digest: digest, r: r, s: s, recoveryID: 0) == nil)
            #expect(!Secp256k1.verify(digest: digest, r: r, s: s, publicKey: publicKey))
        }
        for recoveryID in [-1, 4, .max] {
            #expect(Secp256k1.recover(digest: digest, r: 1, s: 1, recoveryID: recoveryID) == nil)
        }
        #expect(PublicKey(bytes: [4] + [UInt8](repeating: 1, count: 64)) == nil)
        #expect(PublicKey(bytes: [6] + publicKey.uncompressed.dropFirst()) == nil)
        #expect(PublicKey(bytes: []) == nil)
    }

    @Test("Zero, the order and wrong lengths are no keys")
    func invalidKeys() throws {
        func make(_ bytes: [UInt8]) throws(SecretKeyError) -> Address { try SecretKey(bytes: bytes).address }
        #expect(throws: SecretKeyError.outOfRange) { try make([UInt8](repeating: 0, count: 32)) }
        #expect(throws: SecretKeyError.outOfRange) { try make(Secp256k1.order.bigEndianBytes) }
        #expect(throws: SecretKeyError.wrongLength(31)) { try make([UInt8](repeating: 1, count: 31)) }
        #expect(throws: SecretKeyError.wrongLength(33)) { try make([UInt8](repeating: 1, count: 33)) }
        let greatest = try #require(Secp256k1.order.subtracting(1))
        #expect(try make(greatest.bigEndianBytes) != .zero)
    }

    @Test("Hex digits give the key, with or without 0x, and nothing around them")
    func hexDigits() throws {
        func address(_ text: String) throws(SecretKeyError) -> Address {
            let bytes = Array(text.utf8)
            return try bytes.withSecret { bytes throws(SecretKeyError) in try SecretKey(hexDigits: bytes).address }
        }
        let digits = String(repeating: "4a", count: 32)
        let expected = try SecretKey(bytes: [UInt8](repeating: 0x4a, count: 32)).address
        #expect(try address(digits) == expected)
        #expect(try address("0x" + digits) == expected)
        #expect(try address(digits.uppercased()) == expected)
        for text in ["", "0x", "0X" + digits, digits + "\n", " " + digits, digits.dropLast() + "g", digits + "00"] {
            #expect(throws: SecretKeyError.notHex) { try address(text) }
        }
    }

    @Test("A released key reads zeros")
    func wipe() throws {
        let seen = Mutex<[UInt8]?>(nil)
        let bytes = [UInt8](repeating: 0xa7, count: 32)
        try bytes.withSecret { bytes throws(SecretKeyError) in
            let key = try SecretKey(bytes: bytes) { wiped in seen.withLock { $0 = Array(wiped) } }
            let isThere = key.withUnsafeBytes { $0.allSatisfy { $0 == 0xa7 } }
            #expect(isThere)
            #expect(seen.withLock { $0 == nil })
        }
        let wiped = try #require(seen.withLock { $0 })
        #expect(wiped.count >= 32)
        #expect(wiped.allSatisfy { $0 == 0 })
    }

    @Test("A key that was refused is wiped before the error is seen")
    func wipeOnFailure() {
        let seen = Mutex<Int>(0)
        #expect(throws: SecretKeyError.outOfRange) {
            try [UInt8](repeating: 0xff, count: 32).withSecret { bytes throws(SecretKeyError) in
                _ = try SecretKey(bytes: bytes) { wiped in
                    let zeros = wiped.allSatisfy { $0 == 0 }
                    seen.withLock { $0 = zeros ? 1 : 2 }
                }
            }
        }
        #expect(seen.withLock { $0 } == 1)
    }

    @Test("Secrets do not show in any printed form")
    func unprintable() {
        let secret = SecretBytes(copying: "hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains("hunter2")) }
        #expect(secret.withUnsafeBytes { Array($0) } == Array("hunter2".utf8))
    }

    @Test("One line break at the end is taken off, and no more")
    func trailingNewline() {
        for (text, rest) in [
            ("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), ("\n", ""), ("", ""), ("a\r", "a\r"),
        ] {
            let secret = SecretBytes(copying: text).withoutTrailingNewline()
            #expect(secret.withUnsafeBytes { Array($0) } == Array(rest.utf8))
        }
    }

    @Test("New keys differ")
    func generate() throws {
        #expect(try SecretKey.generate().address != SecretKey.generate().address)
    }

    @Test("A local signer signs for its own account")
    func localSigner() async throws {
        let signer = LocalSigner(try SecretKey(bytes: [UInt8](repeating: 0x46, count: 32)))
        let signed = try await signer.sign(TransactionTests.eip155)
        #expect(try signed.sender() == signer.address)
        #expect(try signed == TransactionTests.key().sign(TransactionTests.eip155))
    }

    @Test("Many threads may sign with one key")
    func threads() async throws {
        let signer = LocalSigner(try SecretKey(bytes: [UInt8](repeating: 0x46, count: 32)))
        let expected = try await signer.sign(TransactionTests.eip155)
        try await withThrowingTaskGroup(of: SignedTransaction.self) { group in
            for _ in 0..<16 { group.addTask { try await signer.sign(TransactionTests.eip155) } }
            for try await signed in group { #expect(signed == expected) }
        }
    }
}

extension Array where Element == UInt8 {
    /// Lends the bytes and keeps the type of a thrown error.
    func withSecret<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try span.withUnsafeBytes(body)
    }
}
