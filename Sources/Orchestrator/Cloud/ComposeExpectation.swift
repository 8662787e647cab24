// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// Computes what a change makes of a compose object, in every serialisation in use.
enum ComposeExpectation {
    /// - Throws: `bad-input` when the change cannot be applied.
    static func of(_ change: Change, base: JSONObject) throws(Failure) -> Expectation {
        let changed = try change.applied(to: base)
        let candidates = ComposeSerialization.all.map { serialisation in
            Expectation.Candidate(
                serialisation: serialisation.label, base: serialisation.hash(of: base),
                changed: serialisation.hash(of: changed))
        }
        var shown = JSONObject()
        for field in ["docker_compose_file", "pre_launch_script"] { shown[field] = changed[field] }
        let diff = ComposeDiff(from: base, to: changed)
        return Expectation(
            candidates: distinct(candidates), changes: diff.lines, diff: diff.detailedLines(), shown: shown)
    }

    /// One candidate for each pair of hashes, under the first serialisation that gives it.
    private static func distinct(_ candidates: [Expectation.Candidate]) -> [Expectation.Candidate] {
        var kept: [Expectation.Candidate] = []
        for candidate in candidates
        where !kept.contains(where: { $0.base == candidate.base && $0.changed == candidate.changed }) {
            kept.append(candidate)
        }
        return kept
    }
}
