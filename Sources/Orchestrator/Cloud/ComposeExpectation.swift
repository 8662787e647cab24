// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// Computes what a change makes of a compose object, in every serialisation in use.
enum ComposeExpectation {
    /// - Throws: `bad-input` when the change cannot be applied.
    static func of(_ change: Change, base: JSONObject) throws(Failure) -> Expectation {
        let changed = try change.applied(to: base)
        var shown = JSONObject()
        for field in ["docker_compose_file", "pre_launch_script"] { shown[field] = changed[field] }
        let diff = ComposeDiff(from: base, to: changed)
        return Expectation(
            candidates: candidates(base: base, changed: changed), changes: diff.lines, diff: diff.detailedLines(),
            shown: shown)
    }

    /// One candidate for each pair of hashes, under the first serialisation that gives it.
    private static func candidates(base: JSONObject, changed: JSONObject) -> [Expectation.Candidate] {
        let pairs = zip(ComposeSerialization.hashes(of: base), ComposeSerialization.hashes(of: changed))
        var kept: [Expectation.Candidate] = []
        for (serialisation, (base, changed)) in zip(ComposeSerialization.all, pairs)
        where !kept.contains(where: { $0.base == base && $0.changed == changed }) {
            kept.append(Expectation.Candidate(serialisation: serialisation.label, base: base, changed: changed))
        }
        return kept
    }
}
