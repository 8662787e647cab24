// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON

/// Makes a key.
struct KeyNewCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key in a new file that only its owner can read.")

    @Argument(help: "The new file; nothing is overwritten.")
    var file: String?

    @OptionGroup
    var target: OutputArgument

    @Flag(help: "Write the key unencrypted, as 64 hex digits.")
    var raw = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        guard let path = file ?? target.output, file == nil || target.output == nil else {
            throw Stop(.usage, "Name one new file, as argument or with --output.")
        }
        let key: SecretKey
        do { key = try SecretKey.generate() } catch { throw Stop(.internalError, "No key could be made: \(error).") }
        let address = key.address
        if raw {
            try KeyWriter.writeRaw(key, to: path)
        } else {
            let passphrase = try KeySource(settings: try context.settings(), console: context.console).newPassphrase()
            try KeyWriter.writeKeystore(key, passphrase: passphrase, isLight: target.light, to: path)
        }
        return KeyWriter.show(address, path, context.console)
    }
}

/// Encrypts a raw key.
struct KeyEncryptCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "encrypt", abstract: "Write the key of a file as an encrypted keystore (version 3).")

    @OptionGroup
    var source: KeyFileArgument

    @OptionGroup
    var target: OutputArgument

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        guard let path = target.output else {
            throw Stop(.usage, "Name the new file with --output.", hint: "See 'countersign key encrypt --help'.")
        }
        let keys = KeySource(settings: try context.settings(), console: context.console)
        let key = try keys.rawKey(try source.path(keys))
        let address = key.address
        let passphrase = try keys.newPassphrase()
        try KeyWriter.writeKeystore(key, passphrase: passphrase, isLight: target.light, to: path)
        return KeyWriter.show(address, path, context.console)
    }
}
