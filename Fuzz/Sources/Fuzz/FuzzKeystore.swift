// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// Key files of either kind; what is accepted is written back the same, and costs no more than is granted.
func fuzzKeystore(_ input: [UInt8]) {
    let contents = input.withUnsafeBytes { SecretBytes(copying: $0) }
    // A raw key or an error; a keystore is looked at below.
    _ = try? KeyFile(contents).isEncrypted
    guard let keystore = try? KeystoreV3(parsing: input) else { return }
    require((try? KeystoreV3(keystore.json)) == keystore, "writing changes it")
    require((try? KeystoreV3(parsing: Array(keystore.json.text.utf8))) == keystore, "the text changes it")
    guard isCheap(keystore.derivation) else { return }
    let passphrase = SecretBytes(copying: "testpassword")
    do {
        let key = try keystore.decrypt(passphrase: passphrase)
        if let address = keystore.address { require(key.address == address, "the address") }
        let again = try KeystoreV3.encrypt(key, passphrase: passphrase, derivation: keystore.derivation)
        require(try again.decrypt(passphrase: passphrase).address == key.address, "encrypting changes the key")
    } catch {
        require(!error.description.isEmpty, "an error without words")
    }
}

/// The bounds of the library hold for all that it accepts; those here only keep fuzzing fast.
private func isCheap(_ derivation: KeyDerivation) -> Bool {
    switch derivation {
    case .scrypt(let n, let r, let p):
        require(n >= 2 && r >= 1 && p >= 1, "parameters of scrypt")
        require(128 * n * r <= 512 * 1024 * 1024 && n * r * p <= 1 << 24, "the cost of scrypt")
        return n * r * p <= 1 << 9
    case .pbkdf2(let iterations):
        require((1...10_000_000).contains(iterations), "the cost of PBKDF2")
        return iterations <= 64
    }
}
