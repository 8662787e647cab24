// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import EthTx
import Orchestrator
import StrictJSON

/// Adds an owner's signature to a Safe's transaction, offline.
struct SafeSignCommand: ProgramCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Add an owner's signature to a Safe's transaction, offline.",
        discussion: """
            What is signed is computed from the file and shown in words first; on a terminal it is asked whether to go \
            on. Without -o the file itself gets the signature.
            """)

    @Argument(help: "File of 'countersign safe propose'; - is standard input.")
    var file: String

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("Where the signed file goes.", valueName: "file"))
    var output: String?

    @OptionGroup
    var batch: MultiSendOption

    @Flag(help: "No question on a terminal.")
    var yes = false

    @OptionGroup(title: "Everywhere")
    var shared: SharedOptions

    var canBeAskedToStop: Bool { false }

    func execute(_ context: Context) async throws -> ExitStatus {
        let console = context.console
        var proposal = try SafeFile.read(file)
        try batch.refuseUnknown(in: proposal)
        let keys = KeySource(settings: try context.settings(), console: console)
        _ = try keys.requiredKeyFile()
        if !console.isJSON {
            for line in SafeProposalText.lines(proposal, style: console.errorStyle) { console.note(line) }
        }
        if !yes, console.canAsk {
            guard TerminalPrompt.confirm("Sign this?", console: console) else {
                throw Stop(.onChainRefused, "You said no. Nothing was signed.")
            }
        }
        let signer = try keys.requiredSigner()
        guard proposal.owners.contains(signer.address) else {
            throw Stop(
                .ownerMismatch,
                "The key is of \(signer.address.checksummed), who is not an owner of the Safe "
                    + "\(proposal.transaction.safe.checksummed). Nothing was signed.",
                hint: "Give the key of an owner: \(proposal.owners.map(\.checksummed).joined(separator: ", ")).")
        }
        let hadSigned = proposal.signatures.contains { $0.owner == signer.address }
        let signature: Signature
        do {
            signature = try signer.sign(digest: proposal.hash)
        } catch { throw Stop(.internalError, "Nothing was signed: \(error).") }
        do { try proposal.add(signature) } catch { throw Stop(safeFile: file, error) }
        let written = try write(proposal, console)
        var event = SafeReport.result(written)
        event["owner"] = .string(signer.address.hex)
        event["signature"] = .string(Hex.encode(signature.bytes))
        event["had_signed"] = .bool(hadSigned)
        event["file"] = JSON(text: path)
        if path == nil { event["document"] = written.json }
        console.event(event)
        tell(written, signer.address, hadSigned, console)
        return .done
    }

    /// Where the signed file goes; `nil` is standard output.
    private var path: String? { output ?? (file == "-" ? nil : file) }

    private func write(_ proposal: SafeProposal, _ console: Console) throws(Stop) -> SafeProposal {
        guard let path else {
            console.result([proposal.json.indentedText(by: 2)])
            return proposal
        }
        return try SafeFile.write(proposal, to: path)
    }

    private func tell(_ proposal: SafeProposal, _ owner: Address, _ hadSigned: Bool, _ console: Console) {
        guard !console.isJSON else { return }
        let style = console.errorStyle
        let what = hadSigned ? "had signed already" : "has signed"
        console.note("\(style.tick) \(owner.checksummed) \(what): \(SafeProposalText.progress(proposal)).")
        console.note("  \(style.arrow) \(SafeProposalText.advice(proposal, file: path ?? "FILE"))")
    }
}
