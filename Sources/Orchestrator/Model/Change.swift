// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What an operation changes, as it is sent: a resumed operation sends the same again.
public enum Change: Sendable, Hashable {
    /// The body of `PATCH /cvms/{id}`: only the fields that are present change.
    case patch(JSONObject)

    /// The script that runs before the containers start; an empty one is a value.
    case preLaunchScript(String)

    /// The environment, and the names that may be set if they change.
    case envs(EncryptedEnvironment)

    /// The Docker Compose YAML.
    case dockerCompose(String)

    /// The whole app-compose object, provisioned first and committed afterwards, with an environment if it changes.
    case composeFile(JSONObject, EncryptedEnvironment?)

    /// Another machine like the CVM; the CVM itself stays as it is.
    case replica(ReplicaOrder)

    /// The state of a contract, by one call; the cloud has no part in it.
    case call(ChainCall)

    /// Which flow the change follows.
    public var kind: Operation.Kind {
        switch self {
        case .patch: .patch
        case .preLaunchScript: .preLaunchScript
        case .envs: .envs
        case .dockerCompose: .dockerCompose
        case .composeFile: .composeFile
        case .replica: .replica
        case .call: .contractCall
        }
    }

    /// The call, if the change is nothing but one.
    public var chainCall: ChainCall? {
        if case .call(let call) = self { call } else { nil }
    }

    /// What changes, in the words of the wire.
    public var fieldNames: [String] {
        switch self {
        case .patch(let body): body.keys
        case .preLaunchScript: ["pre_launch_script"]
        case .envs(let environment): environment.fieldNames
        case .dockerCompose: ["docker_compose_file"]
        case .composeFile(_, let environment): ["app_compose"] + (environment?.fieldNames ?? [])
        case .replica(let order): order.fieldNames
        case .call(let call): [call.call.function]
        }
    }
}

extension Change {
    /// The same change with an empty text in place of the ciphertext of an environment.
    var withoutCiphertext: Change {
        switch self {
        case .patch(var body):
            if body["encrypted_env"]?.string != nil { body["encrypted_env"] = "" }
            return .patch(body)
        case .envs(let environment):
            return .envs(EncryptedEnvironment(encrypted: "", keys: environment.keys))
        case .composeFile(let compose, let environment):
            return .composeFile(compose, environment.map { EncryptedEnvironment(encrypted: "", keys: $0.keys) })
        case .replica(let order):
            return .replica(
                ReplicaOrder(
                    app: order.app, nodeID: order.nodeID, encryptedEnv: order.encryptedEnv.map { _ in "" },
                    composeHash: order.composeHash))
        case .preLaunchScript, .dockerCompose, .call:
            return self
        }
    }
}

/// An environment that only the app can read, and the names that it may set.
public struct EncryptedEnvironment: Sendable, Hashable {
    /// Hex digits: ephemeral public key, nonce, ciphertext and tag.
    public let encrypted: String

    /// The names that may be set (`env_keys`); `nil` leaves them as they are.
    public let keys: [String]?

    /// Describes an environment.
    public init(encrypted: String, keys: [String]? = nil) {
        self.encrypted = encrypted
        self.keys = keys
    }

    fileprivate var fieldNames: [String] { keys == nil ? ["encrypted_env"] : ["encrypted_env", "env_keys"] }
}

extension Operation.Kind {
    /// Whether the first phase only provisions: it names the hash of what was given, changes nothing, and may be
    /// repeated.
    ///
    /// The first phase of the others applies the change at once, or asks for a registration.
    var provisions: Bool {
        switch self {
        case .composeFile, .replica: true
        case .patch, .preLaunchScript, .envs, .dockerCompose, .contractCall: false
        }
    }

    /// Whether the cloud has a part in it, and with it a CVM.
    public var involvesCloud: Bool {
        switch self {
        case .contractCall: false
        case .patch, .preLaunchScript, .envs, .dockerCompose, .composeFile, .replica: true
        }
    }

    /// Whether the service gives a commit token for it, so that somebody else can register the hash.
    public var knowsPrepareOnly: Bool {
        switch self {
        case .patch, .replica: true
        case .preLaunchScript, .envs, .dockerCompose, .composeFile, .contractCall: false
        }
    }
}
