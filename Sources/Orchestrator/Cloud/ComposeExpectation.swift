// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// Computes what a change makes of a compose object, in every serialisation in use.
enum ComposeExpectation {
    /// Whether a PATCH body has a field of the compose object.
    static func touchesCompose(_ body: JSONObject) -> Bool {
        CvmPatch.composeFieldNames.contains { body[$0] != nil }
    }

    /// - Throws: `bad-input` when the body is no PATCH body.
    static func of(_ body: JSONObject, base: JSONObject) throws(Failure) -> Expectation {
        let patch: CvmPatch
        do {
            patch = try CvmPatch(json: .object(body))
        } catch {
            throw Failure(.badInput, "\(error)")
        }
        let changed = ComposePatch.apply(patch, to: base)
        let candidates = ComposeSerialization.all.map { serialisation in
            Expectation.Candidate(
                serialisation: serialisation.label, base: serialisation.hash(of: base),
                changed: serialisation.hash(of: changed))
        }
        var shown = JSONObject()
        for field in ["docker_compose_file", "pre_launch_script"] { shown[field] = changed[field] }
        return Expectation(
            candidates: distinct(candidates), changes: ComposeDiff(from: base, to: changed).lines, shown: shown)
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
