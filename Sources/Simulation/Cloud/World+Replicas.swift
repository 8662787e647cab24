// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// What the cloud does with requests for replicas.
extension World {
    /// A replica that waits for its registrations.
    struct PendingReplica {
        let token: Int
        let hash: ComposeHash
        let device: Bytes32
        let operation: OperationID?
        let at: Int64
    }

    /// The first phase: a token, or where nothing is on chain the machine itself.
    func replicate(
        _ place: Int, _ order: ReplicaOrder, prepareOnly: Bool, isStray: Bool, by operation: OperationID?
    ) -> Result<PrepareAnswer, CloudError> {
        let cvm = cvms[place]
        let hash = order.composeHash ?? cvm.hash
        guard let app = cvm.app else {
            return .success(.replicaMade(makeReplica(place, hash, by: operation, isStray: isStray)))
        }
        // A replica by one request is made only where everything is allowed.
        guard prepareOnly else { return .failure(.validation([], WorkerCloud.refusal(422))) }
        cvms[place].tokens += 1
        let lies = draw.chance(trouble.otherHash)
        if lies { tally[.lyingCloud] += 1 }
        let device = HashBook.device((lies ? 200 : 100) + app)
        if cvm.pendingReplica != nil { tally[.supersededToken] += 1 }
        cvms[place].pendingReplica = PendingReplica(
            token: cvms[place].tokens, hash: hash, device: device, operation: operation, at: now)
        note(0x33, "    \(cvm.id) prepares a replica with \(hash) on \(device), token \(cvms[place].tokens)")
        return .success(
            .hashNamed(
                Preparation(
                    composeHash: hash, spelledHash: hash.hex, app: chain.apps[app].address, deviceID: device.hex,
                    commitToken: "replica-\(place)-\(cvms[place].tokens)")))
    }

    /// The second phase: a token makes one machine.
    func commitReplica(
        _ place: Int, token: String, spelledHash: String, proof: TransactionProof, isStray: Bool
    ) -> Result<Replica, CloudError> {
        guard let pending = cvms[place].pendingReplica, token == "replica-\(place)-\(pending.token)",
            pending.hash.hex == spelledHash, now - pending.at < SimulatedCvm.validity
        else {
            tally[.expired] += 1
            return .failure(.hashExpired(WorkerCloud.refusal(466)))
        }
        if let app = cvms[place].app {
            if let refusal = refusal(app, pending.hash, proof) { return .failure(refusal) }
            let head = chain.canonical.head
            guard
                chain.lists(pending.device, app: app, at: head, in: chain.canonical)
                    || chain.allowsAnyDevice(app: app, at: head, in: chain.canonical)
            else { return .failure(.hashNotAllowed(WorkerCloud.refusal(468))) }
        }
        cvms[place].pendingReplica = nil
        return .success(makeReplica(place, pending.hash, by: pending.operation, isStray: isStray))
    }

    /// The operator deletes all machines of a replica but the first: the request that made them came twice.
    func deleteSpareMachines(of operation: OperationID) {
        let made = cvms.indices.filter { cvms[$0].changes.first?.operation == operation && cvms[$0].isReplica }
        for place in made.dropFirst() where !cvms[place].isGone {
            cvms[place].isGone = true
            tally[.operatorDecides] += 1
            note(0x35, "    the operator deletes \(cvms[place].id)")
        }
    }

    private func makeReplica(
        _ place: Int, _ hash: ComposeHash, by operation: OperationID?, isStray: Bool
    ) -> Replica {
        oracle.replicating(operation, hasToken: cvms[place].app != nil, isStray: isStray, in: self)
        let id = "\(cvms[place].id)-replica-\(cvms.count)"
        var machine = SimulatedCvm(
            id: id, app: cvms[place].app, hash: hash, object: objects[hash] ?? cvms[place].object)
        let restart: SimulatedCvm.Restart = draw.chance(trouble.failedRestart) ? .breaks : .succeeds
        machine.isReplica = true
        _ = machine.apply(
            hash, machine.object, by: operation, now: now, lasting: Int64(draw.between(1, 8)) * 1_000_000,
            restart: restart)
        cvms.append(machine)
        tally[.replica] += 1
        note(0x34, "    \(id) is made for \(operation?.text ?? "somebody else")")
        return Replica(cvmID: id, vmUUID: "uuid-\(id)", name: id)
    }
}
