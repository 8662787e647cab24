// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud
import StrictJSON

/// A change in the store: its kind, and what is sent under the names of the wire.
extension Change {
    var json: JSON {
        var object = JSONObject()
        object["kind"] = .string(kind.rawValue)
        switch self {
        case .patch(let body): object["body"] = .object(body)
        case .preLaunchScript(let script): object["pre_launch_script"] = .string(script)
        case .envs(let environment): environment.write(into: &object)
        case .dockerCompose(let text): object["docker_compose_file"] = .string(text)
        case .composeFile(let compose, let environment):
            object["app_compose"] = .object(compose)
            environment?.write(into: &object)
        case .replica(let order):
            object["app"] = order.app.map { .string($0.hex) }
            object["node_id"] = order.nodeID.map { .number(JSONNumber($0)) }
            object["encrypted_env"] = order.encryptedEnv.map(JSON.string)
            object["compose_hash"] = order.composeHash.map { .string($0.hex) }
        case .call(let call):
            object["call"] = call.call.json
            object["chain_id"] = .number(JSONNumber(call.chainID))
            object["rpc_endpoint"] = call.rpcEndpoint.map(JSON.string)
            object["kms"] = call.kms.map { .string($0.hex) }
        }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        switch try cursor["kind"].named(Operation.Kind.self) {
        case .patch: self = .patch(try cursor["body"].object())
        case .preLaunchScript: self = .preLaunchScript(try cursor["pre_launch_script"].string())
        case .envs: self = .envs(try EncryptedEnvironment(cursor))
        case .dockerCompose: self = .dockerCompose(try cursor["docker_compose_file"].string())
        case .composeFile:
            let hasEnvironment = !cursor["encrypted_env"].isAbsent
            self = .composeFile(
                try cursor["app_compose"].object(), hasEnvironment ? try EncryptedEnvironment(cursor) : nil)
        case .replica: self = .replica(try ReplicaOrder(cursor))
        case .contractCall:
            self = .call(
                ChainCall(
                    try ContractCall(cursor["call"]), chainID: try cursor["chain_id"].integer(),
                    rpcEndpoint: try cursor["rpc_endpoint"].optional { at throws(JSONShapeError) in try at.string() },
                    kms: try cursor["kms"].optional { at throws(JSONShapeError) in try at.address() }))
        }
    }
}

extension EncryptedEnvironment {
    fileprivate func write(into object: inout JSONObject) {
        object["encrypted_env"] = .string(encrypted)
        object["env_keys"] = keys.map { .array($0.map(JSON.string)) }
    }

    fileprivate init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            encrypted: try cursor["encrypted_env"].string(),
            keys: try cursor["env_keys"].optional { at throws(JSONShapeError) in try at.strings() })
    }
}

extension ReplicaOrder {
    fileprivate init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            app: try cursor["app"].optional { at throws(JSONShapeError) in try at.address() },
            nodeID: try cursor["node_id"].optional { at throws(JSONShapeError) in try at.integer() },
            encryptedEnv: try cursor["encrypted_env"].optional { at throws(JSONShapeError) in try at.string() },
            composeHash: try cursor["compose_hash"].optional { at throws(JSONShapeError) in
                try at.hash32(ComposeHash.self)
            })
    }
}

extension Replica {
    var json: JSON {
        var object = JSONObject()
        object["cvm_id"] = cvmID.map(JSON.string)
        object["vm_uuid"] = vmUUID.map(JSON.string)
        object["number"] = number.map { .number(JSONNumber($0)) }
        object["name"] = name.map(JSON.string)
        object["node_id"] = nodeID.map { .number(JSONNumber($0)) }
        return .object(object)
    }

    init(_ cursor: JSONCursor) throws(JSONShapeError) {
        self.init(
            cvmID: try cursor["cvm_id"].optional { at throws(JSONShapeError) in try at.string() },
            vmUUID: try cursor["vm_uuid"].optional { at throws(JSONShapeError) in try at.string() },
            number: try cursor["number"].optional { at throws(JSONShapeError) in try at.integer() },
            name: try cursor["name"].optional { at throws(JSONShapeError) in try at.string() },
            nodeID: try cursor["node_id"].optional { at throws(JSONShapeError) in try at.integer() })
    }
}
