// SPDX-License-Identifier: Apache-2.0

import EthTx
public import PhalaCloud
import StrictJSON

/// Replicas over the wire.
extension PhalaCloudService {
    /// Has a replica prepared or made; the hash is always named, so that other instances of the app change nothing.
    public func replicate(
        _ order: ReplicaOrder, of target: Target, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        guard let app = target.app, let machine = target.vmUUID else {
            throw .invalidRequest(.identifier(name: "vm_uuid"))
        }
        let request = ReplicaRequest(
            nodeID: order.nodeID, encryptedEnv: order.encryptedEnv,
            composeHash: (order.composeHash ?? target.baseHash)?.hex)
        let result = try await client.replicateCvm(
            appID: String(app.hex.dropFirst(2)), vmUUID: machine, request, prepareOnly: prepareOnly)
        switch result {
        case .created(let machine): return .replicaMade(Replica(machine))
        case .requiresOnChainHash(let requirement):
            let preparation = try Preparation(requirement)
            guard preparation.deviceID == nil || preparation.device != nil else {
                throw .schemaMismatch(
                    status: 465,
                    JSONShapeError(path: "$.details.device_id", expected: "64 hex digits", found: "another text"))
            }
            return .hashNamed(preparation)
        }
    }

    /// Has a prepared replica made.
    public func commitReplica(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> Replica {
        Replica(try await client.commitReplica(id, token: token, composeHash: spelledHash, proof: proof))
    }
}

extension Replica {
    init(_ machine: VM) {
        self.init(
            cvmID: nil, vmUUID: machine.vmUUID, number: machine.id, name: machine.name, nodeID: machine.teepodID)
    }
}
