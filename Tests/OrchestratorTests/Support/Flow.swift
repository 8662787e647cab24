// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

@testable import Orchestrator

/// One way through the machine: a change, and whether the CVM's KMS is on chain.
struct Flow: Sendable, CustomTestStringConvertible {
    let name: String
    let change: Change
    var chainID: UInt64? = 31337

    /// Whether it ends with a registration on chain.
    let registers: Bool

    var testDescription: String { name }

    /// The same object as the CVM has, with a script.
    private static let otherObject = JSONObject.composeObject(script: "echo given")

    /// Every kind, where the hash changes and has to be registered.
    static let registering: [Flow] = [
        Flow(name: "patch", change: .patch(["docker_compose_file": "services: {web: {}}"]), registers: true),
        Flow(name: "pre-launch script", change: .preLaunchScript("echo ready"), registers: true),
        Flow(
            name: "environment with other names",
            change: .envs(EncryptedEnvironment(encrypted: "00ff", keys: ["TOKEN", "REGION"])), registers: true),
        Flow(name: "docker compose file", change: .dockerCompose("services: {web: {}}"), registers: true),
        Flow(name: "compose object", change: .composeFile(otherObject, nil), registers: true),
    ]

    /// Every kind, where nothing has to be registered.
    static let others: [Flow] =
        [
            Flow(name: "patch of resources", change: .patch(["vcpu": 4]), registers: false),
            Flow(
                name: "environment with the same names", change: .envs(EncryptedEnvironment(encrypted: "00ff")),
                registers: false),
            Flow(
                name: "compose object that the CVM has", change: .composeFile(.composeObject(), nil), registers: false),
        ]
        + (registering + [
            Flow(
                name: "compose object that the CVM has, with an environment",
                change: .composeFile(.composeObject(), EncryptedEnvironment(encrypted: "00ff", keys: [])),
                registers: false)
        ]).map { Flow(name: $0.name + ", no chain", change: $0.change, chainID: nil, registers: false) }
}

extension JSONObject {
    /// The object of the CVM in the beginning.
    static func composeObject(script: String? = nil) -> JSONObject {
        var object: JSONObject = ["docker_compose_file": "services: {}", "runner": "docker-compose"]
        object["pre_launch_script"] = script.map(JSON.string)
        return object
    }
}
