// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud

/// Decides whether the hash that the service asks for is the one that the operator's change leads to.
enum HashVerification {
    /// - Throws: `base-not-allowed` when the present object is not the CVM's own, or the hash is right only in another
    ///   serialisation than the base's; `hash-mismatch` when no known serialisation gives the hash.
    static func verify(
        _ preparation: Preparation, expectation: Expectation?, base: ComposeHash?, accepted: ComposeHash?
    ) throws(Failure) -> Verification {
        let asked = preparation.composeHash
        let candidates = expectation?.candidates ?? []
        if base != nil, candidates.contains(where: { $0.base == base && $0.changed == asked }) { return .recomputed }
        if accepted == asked { return .accepted }
        let report = account(of: asked, expectation: expectation, base: base)
        if let accepted {
            throw Failure(
                .hashMismatch,
                "The service asks to register \(asked), --accept-hash names \(accepted). Nothing was signed.\n"
                    + report,
                hint: "Find out which of the two is the update that you want.")
        }
        guard let base, candidates.contains(where: { $0.base == base }) else {
            throw foreignBase(expectation: expectation, base: base, asked: asked)
        }
        if candidates.contains(where: { $0.changed == asked }) {
            throw Failure(
                .baseNotAllowed,
                "The hash \(asked) is right only in another serialisation than that of the CVM's present object. "
                    + "Nothing was signed.\n" + report,
                hint: "If you know that \(asked) is right, run again with --accept-hash \(asked).")
        }
        throw Failure(
            .hashMismatch,
            "The service asks to register \(asked), which is not the hash of this update. Nothing was signed.\n"
                + report,
            hint: "Compare the fields. If you know that \(asked) is right, run again with --accept-hash \(asked).")
    }

    /// The compose object that the service returned has not the hash that the CVM runs.
    static func foreignBase(expectation: Expectation?, base: ComposeHash?, asked: ComposeHash? = nil) -> Failure {
        Failure(
            .baseNotAllowed,
            "The compose object that the service returned is not the one that the CVM runs, whose hash is "
                + "\(base.map(\.hex) ?? "unknown"). Nothing was signed.\n"
                + account(of: asked, expectation: expectation, base: base),
            hint: "If you know the hash that is right, run again with --accept-hash.")
    }

    /// What was hashed, in lines: the hashes and the fields that change.
    private static func account(of asked: ComposeHash?, expectation: Expectation?, base: ComposeHash?) -> String {
        guard let expectation else { return "The compose object could not be read, so nothing was computed." }
        var lines = asked.map { ["Asked for:  \($0)"] } ?? []
        lines.append("CVM runs:   \(base.map(\.hex) ?? "unknown")")
        for candidate in expectation.candidates {
            lines.append("Computed:   \(candidate.changed) from \(candidate.base) (\(candidate.serialisation))")
        }
        lines.append(expectation.changes.isEmpty ? "No field of the compose object changes." : "Fields that change:")
        lines.append(contentsOf: expectation.changes.map { "  " + $0 })
        return lines.joined(separator: "\n")
    }
}
