// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Which serialisation of an app-compose object is hashed.
public enum ComposeForm: String, Sendable, Hashable, CaseIterable {
    /// One line, separators `,` and `:`, characters beyond ASCII as they are; what the dstack SDKs hash.
    case dstackSDK = "dstack-sdk"

    /// Four spaces of indentation, and every `": ` of the whole text, also inside strings, replaced by `":`;
    /// what the service's JavaScript SDK hashes.
    case phalaJS = "phala-js"
}

/// What happens to the top level of an app-compose object before it is serialised.
public enum ComposePreparation: String, Sendable, Hashable, CaseIterable {
    /// Nothing.
    case asIs = "as-is"

    /// `docker_compose_file` goes when the runner is `bash`, `bash_script` when it is `docker-compose`, and an
    /// empty `pre_launch_script` goes in any case.
    case normalized

    /// Members that are null go.
    case withoutNulls = "without-nulls"

    /// Both of the above.
    case normalizedWithoutNulls = "normalized-without-nulls"
}

extension ComposePreparation {
    /// The object after this preparation.
    func applied(to object: JSONObject, dialect: ComposeDialect) -> JSONObject {
        switch self {
        case .asIs: object
        case .normalized: Self.normalized(object, dialect: dialect)
        case .withoutNulls: Self.withoutNulls(object)
        case .normalizedWithoutNulls: Self.withoutNulls(Self.normalized(object, dialect: dialect))
        }
    }

    private static func normalized(_ object: JSONObject, dialect: ComposeDialect) -> JSONObject {
        var result = object
        switch object["runner"] {
        case .string("bash")?: result["docker_compose_file"] = nil
        case .string("docker-compose")?: result["bash_script"] = nil
        case nil, .null?, .bool?, .number?, .string?, .array?, .object?: break
        }
        if let script = object["pre_launch_script"], dialect.isFalsy(script) {
            result["pre_launch_script"] = nil
        }
        return result
    }

    private static func withoutNulls(_ object: JSONObject) -> JSONObject {
        JSONObject(uniqueMembers: object.members.filter { !$0.value.isNull })
    }
}
