// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// `x25519_aesgcm`: key agreement, the cipher, and the two together as environments are encrypted.
enum EnvironmentFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        switch try vector.text("op") {
        case "x25519": try checkAgreement(vector)
        case "x25519_base": try vector.expect("public", bytes32: try vector.exchangeKey("private").publicKey)
        case "x25519_iterate": try checkIteration(vector)
        case "aes_gcm": try checkCipher(vector)
        case "env_encrypt": try checkEncryption(vector)
        case "env_decrypt": try checkDecryption(vector)
        case let other: throw .unsupported("op \(other)")
        }
    }

    private static func checkAgreement(_ vector: VectorCase) throws(CaseProblem) {
        let key = try vector.exchangeKey("private")
        let shared = try vector.bytes32("shared")
        try vector.expect("zero", flag: shared.isZero)
        do {
            let found = try key.sharedSecret(with: try vector.bytes32("public"))
            try vector.expect("shared", bytes: found.withUnsafeBytes { Array($0) })
        } catch EnvCipherError.weakPublicKey {
            try vector.require(shared.isZero, "the agreement was refused")
        } catch let problem as CaseProblem {
            throw problem
        } catch {
            throw .failed("agreement", error)
        }
    }

    /// RFC 7748, section 5.2: the result becomes the key, and the key the other side's.
    private static func checkIteration(_ vector: VectorCase) throws(CaseProblem) {
        var scalar = [UInt8](repeating: 0, count: 32)
        scalar[0] = 9
        var point = scalar
        let iterations = try vector.integer("iterations")
        try vector.require((1...1_000_000).contains(iterations), "iterations is \(iterations)")
        for _ in 0..<iterations {
            guard let other = Bytes32(bytes: point) else { throw .failed("a key has not 32 bytes") }
            let next: [UInt8]
            do throws(EnvCipherError) {
                let secret = scalar.withUnsafeBytes { SecretBytes(copying: $0) }
                let key = try secret.withUnsafeBytes { bytes throws(EnvCipherError) in
                    try X25519PrivateKey(bytes)
                }
                next = try key.sharedSecret(with: other).withUnsafeBytes { Array($0) }
            } catch {
                throw .failed("agreement", error)
            }
            (scalar, point) = (next, scalar)
        }
        try vector.expect("result", bytes: scalar)
    }

    private static func checkCipher(_ vector: VectorCase) throws(CaseProblem) {
        let key = try vector.secret("key")
        let nonce = try vector.bytes("iv")
        let data = try vector.bytes("aad")
        let tag = try vector.bytes("tag")
        let ciphertext = try vector.bytes("ciphertext")
        let isValid = try vector.flag("valid")
        let plaintext = try vector.secret("plaintext")
        do {
            let sealed = try AES256GCM.seal(plaintext, key: key, nonce: nonce, additionalData: data)
            try vector.expect("valid", flag: sealed == ciphertext + tag)
            let opened = try AES256GCM.open(ciphertext, tag: tag, key: key, nonce: nonce, additionalData: data)
            try vector.require(isValid, "the ciphertext was accepted")
            try vector.expect("plaintext", bytes: opened.withUnsafeBytes { Array($0) })
        } catch EnvCipherError.notAuthentic {
            try vector.require(!isValid, "the ciphertext was refused")
        } catch let problem as CaseProblem {
            throw problem
        } catch {
            throw .failed("AES-256-GCM", error)
        }
    }

    private static func checkEncryption(_ vector: VectorCase) throws(CaseProblem) {
        var pairs: [(name: String, value: String)] = []
        for entry in try vector.elements("envs") {
            do { pairs.append((try entry["key"].string(), try entry["value"].string())) } catch {
                throw .malformed(error)
            }
        }
        let plaintext = try vector.secret("plaintext")
        switch try vector.text("json_form") {
        case "js":
            try vector.expect("plaintext", bytes: EnvVariables(pairs).json().withUnsafeBytes { Array($0) })
        case "python":
            try vector.require(try Self.holds(plaintext, pairs), "plaintext says something else than envs")
        case let other: throw .unsupported("json_form \(other)")
        }
        let recipient = try vector.exchangeKey("recipient_private")
        let ephemeral = try vector.exchangeKey("ephemeral_private")
        try vector.expect("recipient_public", bytes32: recipient.publicKey)
        do {
            let shared = try ephemeral.sharedSecret(with: recipient.publicKey)
            try vector.expect("shared", bytes: shared.withUnsafeBytes { Array($0) })
            let nonce = try vector.bytes("iv")
            let output = try EnvCipher.seal(plaintext, to: recipient.publicKey, ephemeral: ephemeral, nonce: nonce)
            try vector.expect("output", bytes: output)
            let opened = try EnvCipher.open(output, with: recipient)
            try vector.expect("plaintext", bytes: opened.withUnsafeBytes { Array($0) })
        } catch let problem as CaseProblem {
            throw problem
        } catch {
            throw .failed("encryption", error)
        }
    }

    /// Whether a text in whatever spelling of JSON says the same as the pairs.
    private static func holds(
        _ plaintext: SecretBytes, _ pairs: [(name: String, value: String)]
    ) throws(CaseProblem) -> Bool {
        let stated: JSON
        do { stated = try JSON(parsing: plaintext.withUnsafeBytes { Array($0) }) } catch {
            throw .failed("plaintext is no JSON", error)
        }
        let variables = pairs.map { JSON.object(["key": .string($0.name), "value": .string($0.value)]) }
        return stated == .object(["env": .array(variables)])
    }

    private static func checkDecryption(_ vector: VectorCase) throws(CaseProblem) {
        let key = try vector.exchangeKey("recipient_private")
        let input = try vector.bytes("input")
        let opened: SecretBytes
        do { opened = try EnvCipher.open(input, with: key) } catch {
            switch error {
            case .notAuthentic, .weakPublicKey:
                return try vector.expectNull("plaintext", because: "decryption refuses: \(error)")
            case .wrongKeyLength, .tooLong, .library: throw .failed("decryption", error)
            }
        }
        try vector.require(!vector.isNull("plaintext"), "what must not decrypt does")
        try vector.expect("plaintext", bytes: opened.withUnsafeBytes { Array($0) })
    }
}

extension VectorCase {
    /// A private key of X25519.
    fileprivate func exchangeKey(_ name: String) throws(CaseProblem) -> X25519PrivateKey {
        let secret = try secret(name)
        do throws(EnvCipherError) {
            return try secret.withUnsafeBytes { bytes throws(EnvCipherError) in try X25519PrivateKey(bytes) }
        } catch {
            throw .failed("\(name) is no key", error)
        }
    }

    fileprivate func secret(_ name: String) throws(CaseProblem) -> SecretBytes {
        try bytes(name).withUnsafeBytes { SecretBytes(copying: $0) }
    }
}
