// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// New key files: mode 600, durable, never in place of another file.
enum KeyWriter {
    /// Writes a key as 64 hex digits and a line feed; the digits never leave locked memory but for the file.
    static func writeRaw(_ key: borrowing SecretKey, to path: String) throws(Stop) {
        let text = key.withUnsafeBytes { bytes in
            SecretBytes(capacity: 2 * bytes.count + 1) { buffer in
                for (index, byte) in bytes.enumerated() {
                    buffer[2 * index] = digit(byte >> 4)
                    buffer[2 * index + 1] = digit(byte & 15)
                }
                buffer[2 * bytes.count] = UInt8(ascii: "\n")
                return buffer.count
            }
        }
        try create(path, text)
    }

    /// Writes a key as an encrypted keystore.
    static func writeKeystore(
        _ key: borrowing SecretKey, passphrase: SecretBytes, isLight: Bool, to path: String
    ) throws(Stop) {
        let derivation: KeyDerivation = isLight ? .scrypt(n: 1 << 12, r: 8, p: 6) : .standard
        let keystore: KeystoreV3
        do {
            keystore = try KeystoreV3.encrypt(key, passphrase: passphrase, derivation: derivation)
        } catch {
            throw Stop(.internalError, "The key could not be encrypted: \(error). Nothing was written.")
        }
        try create(path, SecretBytes(copying: keystore.json.indentedText(by: 2) + "\n"))
    }

    /// Tells what was written.
    static func show(_ address: Address, _ path: String, _ console: Console) -> ExitStatus {
        var event = JSONObject.event("result")
        event["address"] = .string(address.hex)
        event["file"] = .string(path)
        console.event(event)
        console.result([address.checksummed])
        return .done
    }

    private static func create(_ path: String, _ contents: SecretBytes) throws(Stop) {
        do throws(SecretFileError) {
            try contents.withUnsafeBytes { bytes throws(SecretFileError) in try SecretFile.create(path, bytes) }
        } catch {
            throw Stop(.badInput, "Nothing was written: \(error).", hint: "Name a new file in a folder of yours.")
        }
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
    }
}
