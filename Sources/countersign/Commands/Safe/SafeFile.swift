// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// Files that carry a Safe's transaction and its signatures from owner to owner.
enum SafeFile {
    /// The greatest size of such a file, in bytes.
    private static let limit = 1024 * 1024

    /// Reads a file; `-` is standard input.
    static func read(_ path: String) throws(Stop) -> SafeProposal {
        let bytes = try InputFile.bytes(path, limit: limit)
        do { return try SafeProposal(parsing: bytes) } catch { throw Stop(safeFile: path, error) }
    }

    /// Reads copies of one proposal and brings their signatures together.
    static func merged(_ paths: [String]) throws(Stop) -> SafeProposal {
        guard let first = paths.first else { throw Stop(.usage, "No file is named.") }
        var proposal = try read(first)
        for path in paths.dropFirst() {
            let copy = try read(path)
            do { try proposal.merge(copy) } catch {
                throw Stop(safeFile: path, error)
            }
        }
        return proposal
    }

    /// Writes a file; what was signed in one that is there already stays.
    ///
    /// - Returns: the proposal as it was written.
    static func write(_ proposal: SafeProposal, to path: String) throws(Stop) -> SafeProposal {
        var proposal = proposal
        if InputFile.exists(path) {
            let present = try read(path)
            do { try proposal.merge(present) } catch {
                throw Stop(
                    .badInput, "\(path) is there already, and it is not a copy of this proposal: \(error).",
                    hint: "Name another file with -o. Nothing was written.")
            }
        }
        try OutputFile.write(proposal.text, to: path)
        return proposal
    }
}

extension Stop {
    /// A file that is not accepted.
    init(safeFile path: String, _ error: SafeProposalError) {
        self.init(
            .badInput, "\(path == "-" ? "Standard input" : path) is not accepted: \(error).",
            hint: "Ask whoever sent it for the file again; nothing was signed or sent.")
    }
}
