// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// What the simulated cloud makes of changes, computed apart from the engine.
struct HashBook {
    private let serialisation = ComposeSerialization(form: .dstackSDK, preparation: .asIs)

    func hash(of object: JSONObject) -> ComposeHash {
        serialisation.hash(of: object)
    }

    /// Another hash than the one that is right.
    func lie(_ draw: inout Draw) -> ComposeHash {
        ComposeHash(UInt256(UInt128(draw.next()) << 64 | 0xbad).bytes32)
    }

    /// The compose object after a change.
    func object(_ base: JSONObject, after change: Change) -> JSONObject {
        var object = base
        switch change {
        case .patch(let body):
            if let text = body["docker_compose_file"] { object["docker_compose_file"] = text }
        case .preLaunchScript(let script): object["pre_launch_script"] = .string(script)
        case .envs(let environment):
            if let keys = environment.keys { object["allowed_envs"] = .array(keys.map(JSON.string)) }
        case .dockerCompose(let text): object["docker_compose_file"] = .string(text)
        case .composeFile(let whole, _): object = whole
        case .replica, .call: break
        }
        return object
    }

    /// The part of a change that is no part of the compose object.
    func setting(_ change: Change) -> JSON? {
        switch change {
        case .patch(let body): body["vcpu"]
        case .envs(let environment): .string(environment.encrypted)
        case .composeFile(_, let environment): environment.map { .string($0.encrypted) }
        case .preLaunchScript, .dockerCompose, .replica, .call: nil
        }
    }

    /// One of the writes that owners make; from 10 on each variant is about a device of its own.
    static func write(_ variant: Int, of app: Int, hashes: HashBook) -> AppWrite {
        switch variant {
        case 0, 1: .addDevice(device(0))
        case 2: .removeDevice(device(0))
        case 3: .setAllowAnyDevice(true)
        case 4: .setAllowAnyDevice(false)
        // What an update leads to, which may be under way.
        case 5: .removeComposeHash(hashes.hash(of: ["docker_compose_file": "version 0"]).bytes32)
        case _: .addDevice(device(variant))
        }
    }

    /// What a replica runs that does not run what its CVM does.
    static let replicaHash = HashBook().hash(of: ["docker_compose_file": "replica"])

    /// A device's id.
    static func device(_ number: Int) -> Bytes32 { UInt256(UInt64(0xde71ce) << 16 | UInt64(number)).bytes32 }

    /// The compose object that a CVM begins with.
    static func first(_ cvm: Int) -> JSONObject { ["docker_compose_file": .string("first \(cvm)")] }

    /// One of the changes that operators make.
    static func change(_ variant: Int, of cvm: Int) -> Change {
        switch variant {
        // A replica of what runs, and one of another object, whose hash has to be registered, too.
        case 9: .replica(ReplicaOrder())
        case 10: .replica(ReplicaOrder(composeHash: replicaHash))
        case 2: .patch(["vcpu": 2])
        case 3: .dockerCompose("version 3")
        case 4: .preLaunchScript("echo 4")
        case 5: .envs(EncryptedEnvironment(encrypted: "05"))
        case 6: .envs(EncryptedEnvironment(encrypted: "06", keys: ["A"]))
        case 7: .composeFile(["docker_compose_file": "version 7"], nil)
        // The object that the CVM began with: only the environment changes, and the hash does not tell.
        case 8: .composeFile(first(cvm), EncryptedEnvironment(encrypted: "08"))
        case _: .patch(["docker_compose_file": .string("version \(variant)")])
        }
    }
}
