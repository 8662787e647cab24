// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import TestSupport
import Testing

@Suite struct EnvCipherTests {
    @Test func `the recipient reads what was encrypted for it`() throws {
        let recipient = try X25519PrivateKey.generate()
        let variables = try EnvFile.parse(SecretBytes(copying: "TOKEN=s3cret\nPEM='a\nb'"))
        let hex = try EnvCipher.encrypt(variables, to: recipient.publicKey)
        let opened = try EnvCipher.open(try Hex.decodeBare(hex), with: recipient)
        #expect(
            opened.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
                == #"{"env":[{"key":"TOKEN","value":"s3cret"},{"key":"PEM","value":"a\nb"}]}"#)
    }

    @Test func `the same variables never give the same key, nonce or bytes`() throws {
        let recipient = try X25519PrivateKey.generate()
        let variables = EnvVariables([("A", "1")])
        let first = try EnvCipher.encrypt(variables, to: recipient.publicKey)
        let second = try EnvCipher.encrypt(variables, to: recipient.publicKey)
        #expect(first.prefix(64) != second.prefix(64))
        #expect(first.dropFirst(64).prefix(24) != second.dropFirst(64).prefix(24))
    }

    @Test func `a public key of low order is refused, so that nobody else can read`() throws {
        for number: UInt8 in [0, 1] {
            let weak = Bytes32(bytes: [number] + [UInt8](repeating: 0, count: 31)) ?? .zero
            #expect(throws: EnvCipherError.weakPublicKey) {
                try EnvCipher.encrypt(EnvVariables([("A", "1")]), to: weak)
            }
        }
    }

    @Test func `a changed bit anywhere is noticed`() throws {
        var random = SeededGenerator()
        let recipient = try X25519PrivateKey.generate()
        let bytes = try Hex.decodeBare(try EnvCipher.encrypt(EnvVariables([("A", "1")]), to: recipient.publicKey))
        for index in bytes.indices where index != 31 {
            var changed = bytes
            changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: EnvCipherError.self, "\(random): byte \(index)") {
                try EnvCipher.open(changed, with: recipient)
            }
        }
        #expect(throws: EnvCipherError.notAuthentic) { try EnvCipher.open([], with: recipient) }
        #expect(throws: EnvCipherError.notAuthentic) { try EnvCipher.open(Array(bytes.prefix(59)), with: recipient) }
    }

    @Test func `keys of another length are refused`() {
        #expect(throws: EnvCipherError.wrongKeyLength(31)) {
            let short = [UInt8](repeating: 1, count: 31).withUnsafeBytes { SecretBytes(copying: $0) }
            _ = try short.withUnsafeBytes { bytes throws(EnvCipherError) in try X25519PrivateKey(bytes).publicKey }
        }
    }
}

@Suite struct EnvKeySignatureTests {
    @Test(arguments: [
        (1000, 1000, true), (1000, 1300, true), (1000, 1301, false), (1000, 940, true), (1000, 939, false),
        (UInt64.max, 0, false), (0, UInt64.max, false), (0, 0, true),
    ])
    func `a signature counts for five minutes, and a minute ahead`(timestamp: UInt64, now: UInt64, isFresh: Bool) {
        #expect(EnvKeySignature(bytes: [], timestamp: timestamp).isFresh(at: now) == isFresh)
        #expect(EnvKeySignature(bytes: [], timestamp: nil).isFresh(at: now))
    }

    @Test func `the signature binds app, time and key`() throws {
        let kms = try SecretKey.generate()
        let app = try Address(hex: "0x00000000000000000000000000000000000000a1")
        let other = try Address(hex: "0x00000000000000000000000000000000000000a2")
        let key = Bytes32.keccak256([1])
        let message = EnvKeySignature.message(appID: app.bytes, timestamp: 77, publicKey: key.bytes)
        let made = try kms.sign(digest: .keccak256(message))
        let bytes = made.r.bigEndianBytes + made.s.bigEndianBytes + [made.yParity ? 1 : 0]
        let signature = EnvKeySignature(bytes: bytes, timestamp: 77)
        #expect(signature.signer(appID: app, publicKey: key) == kms.publicKey)
        #expect(signature.signer(appID: other, publicKey: key) != kms.publicKey)
        #expect(signature.signer(appID: app, publicKey: .zero) != kms.publicKey)
        #expect(EnvKeySignature(bytes: bytes, timestamp: nil).signer(appID: app, publicKey: key) != kms.publicKey)
        #expect(EnvKeySignature(bytes: bytes, timestamp: 78).signer(appID: app, publicKey: key) != kms.publicKey)
    }
}
