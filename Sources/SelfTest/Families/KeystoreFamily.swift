// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// `keystore_v3`: encrypted keys that open, and others that must not.
enum KeystoreFamily {
    static func check(_ vector: VectorCase) throws(CaseProblem) {
        let keystore = JSON.object(try vector.object("keystore"))
        let password = try vector.bytes("password").withUnsafeBytes { SecretBytes(copying: $0) }
        if vector.has("error") {
            _ = try vector.text("error")
            let isStated = vector.has("private_key") || vector.has("address")
            try vector.require(!isStated, "a key is stated of what must not open")
            do { _ = try opened(keystore, password) } catch { return }
            throw .failed("the keystore opens")
        }
        let key: SecretKey
        do {
            key = try opened(keystore, password)
        } catch .outsideRFC7914 {
            throw .unsupported("scrypt with n of 2^(16 r) or more, outside the bounds of RFC 7914")
        } catch {
            throw .failed("the keystore does not open", error)
        }
        try vector.expect("private_key", bytes: key.withUnsafeBytes { Array($0) })
        try vector.expect("address", address: key.address)
        let stated = try vector.secretKey("private_key")
        try vector.expect("address", address: stated.address)
    }

    private static func opened(_ keystore: JSON, _ password: SecretBytes) throws(KeystoreError) -> SecretKey {
        try KeystoreV3(keystore).decrypt(passphrase: password)
    }
}
