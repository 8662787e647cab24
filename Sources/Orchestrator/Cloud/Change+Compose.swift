// SPDX-License-Identifier: Apache-2.0

import PhalaCloud
import StrictJSON

/// What a change makes of the app-compose object.
extension Change {
    /// Whether the compose object may become another one.
    var touchesCompose: Bool {
        switch self {
        case .patch(let body): CvmPatch.composeFieldNames.contains { body[$0] != nil }
        case .envs(let environment): environment.keys != nil
        case .preLaunchScript, .dockerCompose, .composeFile: true
        case .replica, .call: false
        }
    }

    /// Whether the compose object is all that changes: a CVM that has its hash has the whole change.
    var isAllInCompose: Bool {
        switch self {
        case .patch(let body): body.keys.allSatisfy(CvmPatch.composeFieldNames.contains)
        case .composeFile(_, let environment): environment == nil
        case .envs: false
        case .preLaunchScript, .dockerCompose, .replica, .call: true
        }
    }

    /// Whether nothing of the change is known here: of an operation that was adopted by its commit token.
    var isUnknown: Bool {
        switch self {
        case .patch(let body): body.isEmpty
        case .composeFile, .envs, .preLaunchScript, .dockerCompose, .replica, .call: false
        }
    }

    /// The object after the change.
    ///
    /// - Throws: `bad-input` when the body of a patch is none.
    func applied(to base: JSONObject) throws(Failure) -> JSONObject {
        switch self {
        case .patch(let body):
            let patch: CvmPatch
            do { patch = try CvmPatch(json: .object(body)) } catch { throw Failure(.badInput, "\(error)") }
            return ComposePatch.apply(patch, to: base)
        case .preLaunchScript(let script):
            return base.replacing("pre_launch_script", by: .string(script))
        case .envs(let environment):
            guard let keys = environment.keys else { return base }
            return base.replacing("allowed_envs", by: .array(keys.map(JSON.string)))
        case .dockerCompose(let text):
            return base.replacing("docker_compose_file", by: .string(text))
        case .composeFile(let object, _):
            return object
        case .replica, .call:
            return base
        }
    }
}

extension JSONObject {
    /// The object with one member set, appended where it has none of that name.
    fileprivate func replacing(_ name: String, by value: JSON) -> JSONObject {
        var object = self
        object[name] = value
        return object
    }
}
