// SPDX-License-Identifier: Apache-2.0

/// What a key file holds: a key as hex digits, or an encrypted keystore.
public enum KeyFile: ~Copyable, Sendable {
    /// 64 hex digits, with or without `0x`, one line break at the end allowed.
    case raw(SecretKey)
    /// A Web3 Secret Storage object of version 3.
    case keystore(KeystoreV3)

    /// Reads and recognises a key file; see ``SecretFile/read(_:limit:)`` for what is refused.
    public static func read(_ path: String) throws(KeyFileError) -> KeyFile {
        let contents: SecretBytes
        do { contents = try SecretFile.read(path) } catch { throw .file(error) }
        return try KeyFile(contents)
    }

    /// Recognises the contents of a key file.
    public init(_ contents: SecretBytes) throws(KeyFileError) {
        if contents.withUnsafeBytes({ KeyFile.startsObject($0) }) {
            // An encrypted keystore is no secret: it may pass through ordinary memory.
            let json = contents.withUnsafeBytes { [UInt8]($0) }
            do { self = .keystore(try KeystoreV3(parsing: json)) } catch { throw .keystore(error) }
        } else {
            let digits = contents.withoutTrailingNewline()
            do {
                self = .raw(
                    try digits.withUnsafeBytes { bytes throws(SecretKeyError) in try SecretKey(hexDigits: bytes) })
            } catch { throw .key(error) }
        }
    }

    /// Whether a passphrase is needed.
    public var isEncrypted: Bool {
        switch self {
        case .raw: false
        case .keystore: true
        }
    }

    /// The key, decrypted if need be; `passphrase` is not looked at for a raw key.
    public consuming func unlock(passphrase: SecretBytes?) throws(KeyFileError) -> SecretKey {
        switch consume self {
        case .raw(let key):
            return key
        case .keystore(let keystore):
            guard let passphrase else { throw .passphraseMissing }
            do { return try keystore.decrypt(passphrase: passphrase) } catch { throw .keystore(error) }
        }
    }

    /// Reads a key file and unlocks it.
    public static func load(_ path: String, passphrase: SecretBytes?) throws(KeyFileError) -> SecretKey {
        try read(path).unlock(passphrase: passphrase)
    }

    private static func startsObject(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes {
            switch byte {
            case 0x20, 0x09, 0x0a, 0x0d: continue
            default: return byte == UInt8(ascii: "{")
            }
        }
        return false
    }
}
