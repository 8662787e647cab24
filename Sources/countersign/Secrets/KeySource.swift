// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import StrictJSON

/// Where keys and passphrases come from: files that only their owner can read, variables, the terminal.
///
/// Never an option's value.
struct KeySource {
    let settings: Settings
    let console: Console

    /// The signing key; `nil` when none is named.
    func signer() throws(Stop) -> LocalSigner? {
        guard let path = settings.keyFile else { return nil }
        return LocalSigner(try key(path))
    }

    /// The account that the named key file is of, by its own word; nothing is unlocked.
    ///
    /// For looking only: `nil` also when the file cannot be read.
    func statedAddress() -> Address? {
        guard let path = settings.keyFile else { return nil }
        do throws(KeyFileError) {
            switch try KeyFile.read(path) {
            case .raw(let key): return key.address
            case .keystore(let keystore): return keystore.address
            }
        } catch {
            return nil
        }
    }

    /// The signing key, which the command cannot do without.
    func requiredSigner() throws(Stop) -> LocalSigner {
        LocalSigner(try key(try requiredKeyFile()))
    }

    /// The key of a file, unlocked.
    func key(_ path: String) throws(Stop) -> SecretKey {
        do throws(KeyFileError) {
            let file = try KeyFile.read(path)
            guard file.isEncrypted else { return try file.unlock(passphrase: nil) }
            let passphrase = try passphrase(for: path)
            return try file.unlock(passphrase: passphrase)
        } catch {
            throw Stop(keyFile: error)
        }
    }

    /// The key of a file that is not encrypted.
    func rawKey(_ path: String) throws(Stop) -> SecretKey {
        let file: KeyFile
        do { file = try KeyFile.read(path) } catch { throw Stop(keyFile: error) }
        guard !file.isEncrypted else {
            throw Stop(.badInput, "\(path) is encrypted already. Nothing was written.")
        }
        do { return try file.unlock(passphrase: nil) } catch { throw Stop(keyFile: error) }
    }

    /// What a key file says about itself; nothing is unlocked.
    func facts(_ path: String) throws(Stop) -> [(name: String, value: JSON)] {
        do throws(KeyFileError) {
            switch try KeyFile.read(path) {
            case .raw(let key): return [("kind", "raw"), ("address", .string(key.address.hex))]
            case .keystore(let keystore): return Self.facts(keystore)
            }
        } catch {
            throw Stop(keyFile: error)
        }
    }

    private static func facts(_ keystore: KeystoreV3) -> [(name: String, value: JSON)] {
        var facts: [(name: String, value: JSON)] = [("kind", "keystore-v3")]
        if let address = keystore.address { facts.append(("stated_address", .string(address.hex))) }
        if let id = keystore.id { facts.append(("id", .string(id))) }
        facts.append(("cipher", "aes-128-ctr"))
        switch keystore.derivation {
        case .scrypt(let n, let r, let p):
            facts.append(("kdf", "scrypt"))
            for (name, value) in [("n", n), ("r", r), ("p", p)] { facts.append((name, .number(JSONNumber(value)))) }
        case .pbkdf2(let iterations):
            facts.append(("kdf", "pbkdf2"))
            facts.append(("iterations", .number(JSONNumber(iterations))))
        }
        return facts
    }

    /// The path of the key file.
    func requiredKeyFile() throws(Stop) -> String {
        guard let path = settings.keyFile else {
            throw Stop(.config, "No key file is named.", hint: "Give --key-file or COUNTERSIGN_KEY_FILE.")
        }
        return path
    }

    /// A passphrase for a key that is about to be encrypted; on a terminal it is asked for twice.
    func newPassphrase() throws(Stop) -> SecretBytes {
        do throws(KeyFileError) {
            if let passphrase = try namedPassphrase() { return passphrase }
        } catch {
            throw Stop(keyFile: error)
        }
        guard let first = TerminalPrompt.secret("New passphrase", console: console) else {
            throw Stop(keyFile: .passphraseMissing)
        }
        guard let second = TerminalPrompt.secret("The same again", console: console), Self.areEqual(first, second)
        else { throw Stop(.usage, "The two passphrases differ. Nothing was written.") }
        return first
    }

    private func passphrase(for path: String) throws(KeyFileError) -> SecretBytes {
        if let passphrase = try namedPassphrase() { return passphrase }
        let question = "Passphrase of \(SafeText.line(path))"
        guard let passphrase = TerminalPrompt.secret(question, console: console) else { throw .passphraseMissing }
        return passphrase
    }

    /// The passphrase of the option, the variable or the configuration, in this order.
    private func namedPassphrase() throws(KeyFileError) -> SecretBytes? {
        switch settings.passphrase {
        case .file(let path)?:
            do { return try SecretFile.read(path).withoutTrailingNewline() } catch { throw .file(error) }
        case .secret(let secret)?: return secret
        case nil: return nil
        }
    }

    private static func areEqual(_ left: SecretBytes, _ right: SecretBytes) -> Bool {
        left.withUnsafeBytes { a in
            right.withUnsafeBytes { b in a.count == b.count && zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0 }
        }
    }
}
