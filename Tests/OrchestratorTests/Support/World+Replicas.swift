// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

@testable import Orchestrator

/// The cloud's side of replicas: prepared by a token that takes effect once.
extension WorldCloud {
    func replicate(
        _ order: ReplicaOrder, of target: Target, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        try answer(prepareOnly ? "prepare-replica" : "replicate") { state in
            if let error = state.answers.popLast() { return .failure(error) }
            guard let hash = order.composeHash ?? state.cvmHash else {
                return .failure(.rejected(World.refusal(400)))
            }
            guard state.chainID != nil else { return .success(.replicaMade(state.makeReplica(hash))) }
            state.tokens += 1
            state.pendingReplica = (token: "token-\(state.tokens)", hash: hash)
            return .success(
                .hashNamed(
                    Preparation(
                        composeHash: ComposeHash(anySpelling: state.overrideHash ?? "") ?? hash, spelledHash: hash.hex,
                        app: state.overrideApp ?? World.app, deviceID: state.device?.hex, chainID: state.chainID,
                        commitToken: "token-\(state.tokens)")))
        }
    }

    func commitReplica(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> Replica {
        try answer("commit-replica") { state in
            if let error = state.replicaAnswers.popLast() { return .failure(error) }
            guard let pending = state.pendingReplica, pending.token == token, pending.hash.hex == spelledHash else {
                return .failure(.hashExpired(World.refusal(466)))
            }
            if case .transaction(let hash) = proof, state.mined[hash]?.isSuccess != true {
                return .failure(.transactionNotVerified(World.refusal(467)))
            }
            let allowsDevice = state.allowsAnyDevice || state.device.map(state.devices.contains) ?? true
            guard allowsDevice, state.allowed.contains(pending.hash.bytes32) else {
                return .failure(.hashNotAllowed(World.refusal(468)))
            }
            state.pendingReplica = nil
            return .success(state.makeReplica(pending.hash))
        }
    }
}

extension World.State {
    /// A machine that was made, by any of its names.
    func replica(_ id: String) -> CvmSnapshot? {
        replicas.first { id == $0.target.cvmID || id == $0.target.vmUUID || id == $0.target.cvmID.dropFirst(4) }
    }

    mutating func makeReplica(_ hash: ComposeHash) -> Replica {
        let number = replicas.count + 2
        replicas.append(
            CvmSnapshot(
                target: Target(
                    cvmID: "cvm_\(number)", vmUUID: "uuid-\(number)", app: World.app, chainID: chainID, kms: nil,
                    rpcEndpoint: nil, baseHash: hash, correlationID: nil),
                status: "running", isBusy: false))
        return Replica(
            cvmID: nil, vmUUID: namesMachines ? "uuid-\(number)" : nil, number: number, name: "my-app-\(number)",
            nodeID: 2)
    }
}
