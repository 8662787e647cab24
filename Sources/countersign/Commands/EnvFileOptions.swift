// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import PhalaCloud

/// An environment in a file, which is encrypted here.
struct EnvFileOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "Environment in dotenv form, encrypted here for the app; - is standard input.", valueName: "file"))
    var envFile: String?

    @Option(
        name: .customLong("accept-kms-signer"),
        help: ArgumentHelp(
            "Public key that the app's KMS signs with; needed once where no contract tells.", valueName: "0x…"))
    var acceptKmsSigner: String?

    /// The variables of the file; `nil` when none is named.
    func variables(_ console: Console) throws(Stop) -> EnvVariables? {
        guard let envFile else {
            guard acceptKmsSigner == nil else {
                throw Stop(.usage, "--accept-kms-signer is for --env-file, which is missing.")
            }
            return nil
        }
        _ = try KmsSignerOption.key(acceptKmsSigner)
        try StandardInput.take(for: envFile)
        let name = envFile == StandardInput.name ? "Standard input" : SafeText.line(envFile)
        let read: (contents: SecretBytes, isExposed: Bool)
        do { read = try SecretFile.readUnguarded(envFile, limit: EnvFile.sizeLimit) } catch {
            throw Stop(.badInput, "The environment file was not read: \(error).", hint: "Check the file.")
        }
        if read.isExposed {
            console.note("\(name) can be read by group or others; chmod 600 keeps its values private.")
        }
        do { return try EnvFile.parse(read.contents) } catch {
            throw Stop(
                .badInput, "\(name): \(error). Nothing was sent.",
                hint: "Lines are NAME=value, values in quotes where they hold spaces, '#' or line ends.")
        }
    }
}

/// The signer that an operator names.
enum KmsSignerOption {
    /// Reads a public key of secp256k1 in one of the forms of SEC 1.
    static func key(_ text: String?) throws(Stop) -> PublicKey? {
        guard let text else { return nil }
        var bytes: [UInt8] = []
        do { bytes = try Hex.decodeBare(text) } catch {}
        guard let key = PublicKey(bytes: bytes) else {
            throw Stop(
                .usage,
                "--accept-kms-signer must be a public key of secp256k1: 33 bytes of hex, beginning with 02 or 03.",
                hint: "'countersign kms pubkey' shows it; make sure that it is the right one.")
        }
        return key
    }
}
