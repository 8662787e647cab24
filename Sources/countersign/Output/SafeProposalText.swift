// SPDX-License-Identifier: Apache-2.0

import EthTx

/// A Safe's transaction as its owners read it before they sign.
enum SafeProposalText {
    /// All that is signed, in words, and who has signed it.
    static func lines(_ proposal: SafeProposal, style: Style) -> [String] {
        func field(_ name: String, _ value: String) -> String { OperationText.field(name, value, style: style) }
        let transaction = proposal.transaction
        var lines = [style.strong("A transaction of a Safe"), field("chain", "\(proposal.chainID)")]
        lines.append(field("safe", "\(transaction.safe.checksummed), version \(proposal.version)"))
        lines.append(field("nonce", transaction.nonce.decimal))
        for (index, call) in proposal.calls.enumerated() {
            lines.append(field(index == 0 ? (proposal.calls.count == 1 ? "call" : "calls") : "", call.words))
        }
        if let batch = proposal.batchContract {
            lines.append(field("batch by", "\(batch.checksummed)\(known(batch)), whose code runs as the Safe"))
        }
        lines.append(field("hash to sign", proposal.hash.hex))
        if let operation = proposal.operation { lines.append(field("operation", operation)) }
        lines.append(field("signatures", progress(proposal)))
        for owner in proposal.owners {
            let hasSigned = proposal.signatures.contains { $0.owner == owner }
            lines.append(field("", "\(hasSigned ? style.tick : style.dash) \(owner.checksummed)"))
        }
        return lines
    }

    /// How many owners have signed.
    static func progress(_ proposal: SafeProposal) -> String {
        "\(proposal.signatures.count) of \(proposal.threshold) that are needed"
    }

    /// What to do next.
    static func advice(_ proposal: SafeProposal, file: String) -> String {
        proposal.isComplete
            ? "Enough owners have signed: run 'countersign safe exec \(file)' with any funded key."
            : "Hand the file to another owner, for 'countersign safe sign'."
    }

    private static func known(_ contract: Address) -> String {
        MultiSendDeployment.knownAddresses.contains(contract) ? " (published)" : ""
    }
}
