// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import StrictJSON

@testable import Orchestrator
@testable import PhalaCloud

/// The cloud with one CVM, which updates as the state says.
struct WorldCloud: CloudService {
    let world: World

    private static let off = CloudError.transport(.lost(HTTPFailure(.closed)))

    func answer<Value: Sendable>(
        _ name: String, _ body: (inout World.State) -> Result<Value, CloudError>
    ) throws(CloudError) -> Value {
        guard let answer = world.powered(name, body) else { throw Self.off }
        return try answer.get()
    }

    func cvm(_ id: String) async throws(CloudError) -> CvmSnapshot {
        try answer("cvm") { state in
            if let machine = state.replica(id) {
                state.hidesMachines -= 1
                return state.hidesMachines >= 0 ? .failure(.notFound(World.refusal(404))) : .success(machine)
            }
            return .success(Self.snapshot(state))
        }
    }

    func cvms(of app: Address) async throws(CloudError) -> [CvmSnapshot] {
        try answer("cvms") { state in
            if let error = state.answers.popLast() { return .failure(error) }
            return .success(app == World.app ? [Self.snapshot(state)] + state.replicas : [])
        }
    }

    private static func snapshot(_ state: World.State) -> CvmSnapshot {
        let isBusy = state.uptime < state.busyUntil
        let correlation = isBusy ? "correlation-\(state.applied.count)" : nil
        return CvmSnapshot(
            target: Target(
                cvmID: "cvm_1", vmUUID: "uuid-1", app: World.app, chainID: state.chainID, kms: nil, rpcEndpoint: nil,
                baseHash: state.cvmHash, correlationID: correlation),
            status: isBusy ? "stopping" : state.status, isBusy: isBusy, name: "web")
    }

    func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try answer("composeFile") { .success($0.base) }
    }

    func prepare(
        _ change: Change, of id: String, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        try answer(change.kind == .composeFile ? "provision" : prepareOnly ? "prepare-only" : "prepare") { state in
            if let error = state.answers.popLast() { return .failure(error) }
            guard let serialisation = ComposeSerialization.all.first else { return .success(.nothingToChange) }
            let changed = World.object(after: change, of: state.base)
            let hash = serialisation.hash(of: changed)
            guard change.kind == .composeFile || state.demands(hash) else {
                state.apply(hash, object: changed)
                return .success(.applied(correlationID: "correlation-\(state.applied.count)"))
            }
            state.pending = hash
            state.pendingObject = changed
            state.pendingSince = state.uptime
            state.tokens += 1
            let asked = state.overrideHash ?? hash.hex
            guard let composeHash = ComposeHash(anySpelling: asked) else { return .success(.nothingToChange) }
            return .success(
                .hashNamed(
                    Preparation(
                        composeHash: composeHash, spelledHash: asked, app: state.overrideApp ?? World.app,
                        chainID: state.overrideChain ?? state.chainID,
                        commitToken: prepareOnly ? "token-\(state.tokens)" : nil)))
        }
    }

    func confirm(
        _ change: Change, of id: String, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String? {
        try answer("confirm") { $0.confirm(spelledHash, proof: proof) }
    }

    func commit(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> String? {
        try answer("commit") { state in
            guard token == "token-\(state.tokens)" else { return .failure(.hashExpired(World.refusal(466))) }
            return state.confirm(spelledHash, proof: proof)
        }
    }

    func pendingFields(app: String, vmUUID: String, spelledHash: String) async throws(CloudError) -> JSONObject {
        try answer("preview") {
            .success(["pre_launch_script": .string($0.pendingObject == nil ? "" : "as previewed")])
        }
    }

    func operations(_ id: String, since: Timestamp) async throws(CloudError) -> [CloudOperation] {
        try answer("operations") { state in
            if let fault = state.listFault { return .failure(fault) }
            return .success(
                (0..<state.applied.count).reversed().map {
                    CloudOperation(
                        correlationID: "correlation-\($0 + 1)", kind: "compose_update",
                        status: state.uptime < state.busyUntil && $0 + 1 == state.applied.count
                            ? "in_progress" : state.takesBack ? "failed" : "completed")
                })
        }
    }
}

extension World {
    static func refusal(_ status: Int) -> CloudRefusal {
        CloudRefusal(status: status, code: nil, message: "no", suggestions: [])
    }

    /// What a change makes of the object, as the service does it.
    static func object(after change: Change, of base: JSONObject) -> JSONObject {
        var object = base
        switch change {
        case .patch(let body):
            for name in CvmPatch.composeFieldNames { object[name] = body[name] ?? object[name] }
        case .preLaunchScript(let script): object["pre_launch_script"] = .string(script)
        case .dockerCompose(let text): object["docker_compose_file"] = .string(text)
        case .envs(let environment):
            if let keys = environment.keys { object["allowed_envs"] = .array(keys.map(JSON.string)) }
        case .composeFile(let given, _): object = given
        case .replica, .call: break
        }
        return object
    }
}

extension World.State {
    mutating func apply(_ hash: ComposeHash, object: JSONObject) {
        applied.append(hash)
        if !takesBack {
            cvmHash = hash
            base = object
        }
        pending = nil
        busyUntil = uptime + .seconds(2)
    }

    /// Whether a change to this hash has to be registered first.
    func demands(_ hash: ComposeHash) -> Bool { demandsAlways || (chainID != nil && hash != cvmHash) }

    /// How long the service keeps a preparation: fourteen days.
    private static let validity: Duration = .seconds(14 * 24 * 3600)

    mutating func confirm(_ spelled: String, proof: TransactionProof?) -> Result<String?, CloudError> {
        if let error = answers.popLast() ?? confirmAnswers.popLast() { return .failure(error) }
        guard uptime >= busyUntil else { return .failure(.conflict(World.refusal(409))) }
        guard let pending, let object = pendingObject, pending.hex == spelled, uptime - pendingSince < Self.validity
        else {
            return .failure(.hashExpired(World.refusal(466)))
        }
        guard chainID == nil || allowed.contains(pending.bytes32) else {
            return .failure(.hashNotAllowed(World.refusal(468)))
        }
        if case .transaction(let hash) = proof, mined[hash]?.isSuccess != true {
            return .failure(.transactionNotVerified(World.refusal(467)))
        }
        apply(pending, object: object)
        return .success("correlation-\(applied.count)")
    }
}
