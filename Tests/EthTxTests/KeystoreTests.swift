// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON
import TestSupport
import Testing

@Suite("Web3 Secret Storage")
struct KeystoreTests {
    /// The PBKDF2 example of the Web3 Secret Storage definition.
    static let published = """
        {"crypto": {"cipher": "aes-128-ctr", "cipherparams": {"iv": "6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext": "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46", "kdf": "pbkdf2",
        "kdfparams": {"c": 262144, "dklen": 32, "prf": "hmac-sha256",
        "salt": "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac": "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6", "version": 3}
        """

    static let passphrase = SecretBytes(copying: "testpassword")

    @Test("The published example decrypts")
    func published() throws {
        let key = try KeystoreV3(parsing: Array(Self.published.utf8)).decrypt(passphrase: Self.passphrase)
        let hex = key.withUnsafeBytes { Hex.encode($0) }
        #expect(hex == "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d")
        #expect(key.address.hex == "0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b")
    }

    static let derivations: [KeyDerivation] = [.scrypt(n: 64, r: 8, p: 2), .pbkdf2(iterations: 100)]

    @Test("What is encrypted decrypts, through the text", arguments: derivations)
    func roundTrip(derivation: KeyDerivation) throws {
        let key = try SecretKey.generate()
        let passphrase = SecretBytes(copying: "pässword 🔑")
        let keystore = try KeystoreV3.encrypt(key, passphrase: passphrase, derivation: derivation)
        let again = try KeystoreV3(parsing: Array(keystore.json.text.utf8))
        #expect(again == keystore)
        let address = try again.decrypt(passphrase: passphrase).address
        #expect(address == key.address)
        #expect(again.address == key.address)
        #expect(throws: KeystoreError.macMismatch) { try open(again, SecretBytes(copying: "")) }
        let other = try KeystoreV3.encrypt(key, passphrase: passphrase, derivation: derivation)
        #expect(other.json.text != keystore.json.text)
    }

    private func open(_ keystore: KeystoreV3, _ passphrase: SecretBytes) throws(KeystoreError) -> Address {
        try keystore.decrypt(passphrase: passphrase).address
    }

    /// A keystore with one value of `kdfparams` replaced.
    private func scrypt(n: Int, r: Int, p: Int, dklen: Int = 32) throws -> JSON {
        let key = try SecretKey(bytes: [UInt8](repeating: 1, count: 32))
        let sound = try KeystoreV3.encrypt(key, passphrase: Self.passphrase, derivation: .scrypt(n: 2, r: 1, p: 1))
        var crypto = try #require(sound.json["crypto"]?.object)
        var parameters = try #require(crypto["kdfparams"]?.object)
        for (name, value) in [("n", n), ("r", r), ("p", p), ("dklen", dklen)] {
            parameters[name] = .number(JSONNumber(value))
        }
        crypto["kdfparams"] = .object(parameters)
        var root = try #require(sound.json.object)
        root["crypto"] = .object(crypto)
        return .object(root)
    }

    static let hostile: [(Int, Int, Int)] = [
        (1_048_576, 8, 1), (4_194_304, 1, 1), (1 << 62, 8, 1), (2, .max, 1), (1 << 40, 1 << 40, 1), (262_144, 8, 9),
        (2, 1, .max), (0, 1, 1), (1, 1, 1), (3, 1, 1), (-2, 1, 1), (2, 0, 1), (2, -1, 1), (2, 1, 0), (2, 1, -1),
        (65_536, 1, 1), (.min, 8, 1),
    ]

    @Test("scrypt parameters that cost too much, or make no sense, are refused before any work", arguments: hostile)
    func hostileScrypt(n: Int, r: Int, p: Int) throws {
        let json = try scrypt(n: n, r: r, p: p)
        #expect(throws: KeystoreError.self) { try KeystoreV3(json) }
        let key = try SecretKey(bytes: [UInt8](repeating: 1, count: 32))
        #expect(throws: KeystoreError.self) {
            try KeystoreV3.encrypt(key, passphrase: Self.passphrase, derivation: .scrypt(n: n, r: r, p: p))
        }
    }

    @Test("The names of the refusals tell cost from nonsense")
    func refusalNames() throws {
        func refusal(_ n: Int, _ r: Int, _ p: Int) throws -> KeystoreError? {
            do {
                _ = try KeystoreV3(scrypt(n: n, r: r, p: p))
                return nil
            } catch let error as KeystoreError {
                return error
            }
        }
        if case .tooCostly = try refusal(1 << 20, 8, 1) {} else { Issue.record("512 MiB is the limit") }
        if case .invalidParameter(name: "n", _) = try refusal(3, 1, 1) {
        } else {
            Issue.record("n must be a power of 2")
        }
        #expect(try refusal(1 << 16, 1, 1) == .outsideRFC7914)
        #expect(try refusal(1 << 15, 1, 1) == nil)
        #expect(try refusal(1 << 19, 8, 1) == nil)
    }

    @Test("PBKDF2 iterations and key lengths are bounded", arguments: [0, -1, 10_000_001, Int.max])
    func hostilePBKDF2(iterations: Int) throws {
        let text = Self.published.replacing("262144", with: String(iterations))
        #expect(throws: KeystoreError.self) { try KeystoreV3(parsing: Array(text.utf8)) }
        for length in [0, 31, 1025, Int.max] {
            let text = Self.published.replacing("\"dklen\": 32", with: "\"dklen\": \(length)")
            #expect(throws: KeystoreError.self) { try KeystoreV3(parsing: Array(text.utf8)) }
        }
    }

    static let edits: [(String, String, KeystoreError?)] = [
        ("\"version\": 3", "\"version\": 1", .unsupportedVersion("1")),
        ("\"version\": 3", "\"version\": \"3\"", .unsupportedVersion("\"3\"")),
        (", \"version\": 3", "", .unsupportedVersion("(none)")),
        ("aes-128-ctr", "aes-128-cbc", .unsupportedCipher("aes-128-cbc")),
        ("pbkdf2", "argon2", .unsupportedKDF("argon2")),
        ("hmac-sha256", "hmac-sha512", .unsupportedPRF("hmac-sha512")),
        ("6087dab2", "6087dab", .notHex(field: "$.crypto.cipherparams.iv", .oddDigitCount(31))),
        ("6087dab2", "", .notHex(field: "$.crypto.cipherparams.iv", .wrongLength(expected: 16, found: 12))),
        ("5318b4d5", "", .notHex(field: "$.crypto.ciphertext", .wrongLength(expected: 32, found: 28))),
        ("517ead92", "zz7ead92", .notHex(field: "$.crypto.mac", .invalidDigit(offset: 0))),
        ("\"mac\"", "\"nac\"", nil), ("\"crypto\"", "\"krypto\"", nil), ("262144", "262144.0", nil),
        ("{\"crypto\"", "[\"crypto\"", nil),
    ]

    @Test("A keystore with one fault is refused by name", arguments: edits)
    func faults(from: String, to: String, error: KeystoreError?) throws {
        let text = Array(Self.published.replacing(from, with: to).utf8)
        if let error {
            #expect(throws: error) { try KeystoreV3(parsing: text) }
        } else {
            #expect(throws: KeystoreError.self) { try KeystoreV3(parsing: text) }
        }
    }

    @Test("The old spelling Crypto is read, and a stated address must be the key's")
    func spellings() throws {
        let key = try SecretKey(bytes: [UInt8](repeating: 1, count: 32))
        let keystore = try KeystoreV3.encrypt(
            key, passphrase: Self.passphrase, derivation: .pbkdf2(iterations: 1))
        let old = keystore.json.text.replacing("\"crypto\"", with: "\"Crypto\"")
        #expect(try KeystoreV3(parsing: Array(old.utf8)) == keystore)
        let wrong = keystore.json.text.replacing(
            Hex.encodeBare(key.address.bytes), with: "0x" + String(repeating: "00", count: 20))
        let parsed = try KeystoreV3(parsing: Array(wrong.utf8))
        #expect(throws: KeystoreError.addressMismatch(stated: .zero, found: key.address)) {
            try open(parsed, Self.passphrase)
        }
    }

    @Test("Random changes of the text are refused or mean the same")
    func mutations() throws {
        var random = SeededGenerator()
        let key = try SecretKey(bytes: [UInt8](repeating: 1, count: 32))
        let sound = try KeystoreV3.encrypt(key, passphrase: Self.passphrase, derivation: .pbkdf2(iterations: 1))
        let text = Array(sound.json.text.utf8)
        for _ in 0..<1000 {
            var changed = text
            changed[Int.random(in: changed.indices, using: &random)] ^= 1 << UInt8(random.next() % 7)
            do {
                let parsed = try KeystoreV3(parsing: changed)
                guard case .pbkdf2(let iterations) = parsed.derivation, iterations < 1000 else { continue }
                #expect(try open(parsed, Self.passphrase) == key.address, "\(random)")
            } catch {
                continue
            }
        }
    }
}
