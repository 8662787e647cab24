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

    private func answer<Value: Sendable>(
        _ name: String, _ body: (inout World.State) -> Result<Value, CloudError>
    ) throws(CloudError) -> Value {
        guard let answer = world.powered(name, body) else { throw Self.off }
        return try answer.get()
    }

    func cvm(_ id: String) async throws(CloudError) -> CvmSnapshot {
        try answer("cvm") { state in
            let isBusy = state.uptime < state.busyUntil
            let correlation = isBusy ? "correlation-\(state.applied.count)" : nil
            return .success(
                CvmSnapshot(
                    target: Target(
                        cvmID: "cvm_1", vmUUID: "uuid-1", app: World.app, chainID: state.chainID, kms: nil,
                        rpcEndpoint: nil, baseHash: state.cvmHash, correlationID: correlation),
                    status: isBusy ? "stopping" : state.status, isBusy: isBusy))
        }
    }

    func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try answer("composeFile") { .success($0.base) }
    }

    func patch(_ id: String, body: JSONObject, prepareOnly: Bool) async throws(CloudError) -> PatchCvmResult {
        let patch: CvmPatch
        do { patch = try CvmPatch(json: .object(body)) } catch { throw .invalidRequest(.patch(error)) }
        return try answer(prepareOnly ? "patch-prepare" : "patch") { state in
            if let error = state.answers.popLast() { return .failure(error) }
            let changed = ComposePatch.apply(patch, to: state.base)
            guard let serialisation = ComposeSerialization.all.first else { return .success(.noChange) }
            let hash = serialisation.hash(of: changed)
            guard state.chainID != nil, hash != state.cvmHash else {
                state.apply(hash, object: changed)
                return .success(.accepted(correlationID: "correlation-\(state.applied.count)"))
            }
            state.pending = hash
            state.pendingObject = changed
            state.tokens += 1
            var details: JSONObject = [
                "compose_hash": .string(state.overrideHash ?? hash.hex),
                "app_id": .string((state.overrideApp ?? World.app).hex),
            ]
            if prepareOnly { details["commit_token"] = .string("token-\(state.tokens)") }
            return .success(World.demand(details))
        }
    }

    func confirm(_ id: String, spelledHash: String, proof: TransactionProof) async throws(CloudError) -> String? {
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
            .success(
                (0..<state.applied.count).reversed().map {
                    CloudOperation(
                        correlationID: "correlation-\($0 + 1)", kind: "compose_update",
                        status: state.uptime < state.busyUntil && $0 + 1 == state.applied.count
                            ? "in_progress" : "completed")
                })
        }
    }
}

extension World {
    static func refusal(_ status: Int) -> CloudRefusal {
        CloudRefusal(status: status, code: nil, message: "no", suggestions: [])
    }

    /// A 465 as the client gives it.
    static func demand(_ details: JSONObject) -> PatchCvmResult {
        let list = details.members.map { member -> JSON in ["field": .string(member.key), "value": member.value] }
        let body: JSON = ["error_code": "ERR-01-005", "message": "register it", "details": .array(list)]
        do { return .requiresOnChainHash(try HashRequirement(ErrorBody(body))) } catch { return .noChange }
    }
}

extension World.State {
    mutating func apply(_ hash: ComposeHash, object: JSONObject) {
        applied.append(hash)
        cvmHash = hash
        base = object
        pending = nil
        busyUntil = uptime + .seconds(2)
    }

    mutating func confirm(_ spelled: String, proof: TransactionProof) -> Result<String?, CloudError> {
        if let error = answers.popLast() { return .failure(error) }
        guard uptime >= busyUntil else { return .failure(.conflict(World.refusal(409))) }
        guard let pending, let object = pendingObject, pending.hex == spelled else {
            return .failure(.hashExpired(World.refusal(466)))
        }
        guard allowed.contains(pending.bytes32) else { return .failure(.hashNotAllowed(World.refusal(468))) }
        if case .transaction(let hash) = proof, mined[hash]?.isSuccess != true {
            return .failure(.transactionNotVerified(World.refusal(467)))
        }
        apply(pending, object: object)
        return .success("correlation-\(applied.count)")
    }
}
