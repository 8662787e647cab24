// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Keccak

/// An encrypted key: Web3 Secret Storage, version 3.
public struct KeystoreV3: Sendable, Hashable {
    /// The identifier of the file, a UUID; `nil` when it has none.
    public let id: String?

    /// The address that the file states; `nil` when it states none.
    public let address: Address?

    /// How the passphrase becomes a key.
    public let derivation: KeyDerivation

    /// The length of the derived key, 32 bytes or more, of which 32 are used.
    let derivedByteCount: Int

    let salt: [UInt8]
    let iv: [UInt8]
    let ciphertext: [UInt8]
    let mac: Bytes32

    init(
        id: String?, address: Address?, derivation: KeyDerivation, derivedByteCount: Int, salt: [UInt8], iv: [UInt8],
        ciphertext: [UInt8], mac: Bytes32
    ) {
        self.id = id
        self.address = address
        self.derivation = derivation
        self.derivedByteCount = derivedByteCount
        self.salt = salt
        self.iv = iv
        self.ciphertext = ciphertext
        self.mac = mac
    }

    /// Decrypts the key; a wrong passphrase is ``KeystoreError/macMismatch``.
    ///
    /// Memory and time are bounded whatever the file says (512 MiB for scrypt). The call computes for up to some
    /// seconds; do not make it from a task that others wait for.
    public func decrypt(passphrase: SecretBytes) throws(KeystoreError) -> SecretKey {
        let derived = try derivation.derive(passphrase: passphrase, salt: salt, byteCount: derivedByteCount)
        let computed = derived.withUnsafeBytes { KeystoreV3.mac(derivedKey: $0, ciphertext: ciphertext) }
        let equal = computed.withUnsafeBytes { left in
            mac.withUnsafeBytes { right in CRYPTO_memcmp(left.baseAddress, right.baseAddress, 32) == 0 }
        }
        guard equal else { throw .macMismatch }
        let plaintext = try LockedMemory(capacity: 32) { output throws(KeystoreError) in
            try derived.withUnsafeBytes { key throws(KeystoreError) in
                try ciphertext.lendBytes { input throws(KeystoreError) in
                    try AES128CTR.apply(key: key, iv: iv, input: input, output: output)
                }
            }
            return 32
        }
        let key: SecretKey
        do {
            key = try plaintext.withUnsafeBytes { bytes throws(SecretKeyError) in try SecretKey(bytes: bytes) }
        } catch {
            throw .invalidKey(error)
        }
        if let address, address != key.address { throw .addressMismatch(stated: address, found: key.address) }
        return key
    }

    /// Encrypts a key with fresh random salt, initialisation vector and identifier.
    public static func encrypt(
        _ key: borrowing SecretKey, passphrase: SecretBytes, derivation: KeyDerivation = .standard
    ) throws(KeystoreError) -> KeystoreV3 {
        let salt = SystemRandom.bytes(32)
        let iv = SystemRandom.bytes(16)
        let derived = try derivation.derive(passphrase: passphrase, salt: salt, byteCount: 32)
        let encrypted = try LockedMemory(capacity: 32) { output throws(KeystoreError) in
            try derived.withUnsafeBytes { derivedKey throws(KeystoreError) in
                try key.withUnsafeBytes { secret throws(KeystoreError) in
                    try AES128CTR.apply(key: derivedKey, iv: iv, input: secret, output: output)
                }
            }
            return 32
        }
        let ciphertext = encrypted.withUnsafeBytes { [UInt8]($0) }
        let mac = derived.withUnsafeBytes { KeystoreV3.mac(derivedKey: $0, ciphertext: ciphertext) }
        return KeystoreV3(
            id: randomID(), address: key.address, derivation: derivation, derivedByteCount: 32, salt: salt, iv: iv,
            ciphertext: ciphertext, mac: mac)
    }

    /// Keccak-256 of the second 16 bytes of the derived key and the ciphertext.
    private static func mac(derivedKey: UnsafeRawBufferPointer, ciphertext: [UInt8]) -> Bytes32 {
        var hash = Keccak256()
        hash.update(UnsafeRawBufferPointer(rebasing: derivedKey[16..<32]))
        hash.update(ciphertext)
        return Bytes32(hash.finalize())
    }

    /// A random UUID (RFC 9562, version 4).
    private static func randomID() -> String {
        var bytes = SystemRandom.bytes(16)
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let groups = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return groups.map { Hex.encodeBare(Array($0)) }.joined(separator: "-")
    }
}
