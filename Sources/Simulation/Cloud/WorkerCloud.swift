// SPDX-License-Identifier: Apache-2.0

import EthTx
import HTTPTransport
import Orchestrator
import PhalaCloud
import StrictJSON

/// The cloud as one process sees it.
struct WorkerCloud: CloudService {
    let worker: Worker

    var world: World { worker.world }

    /// The operation that this process works on.
    var operation: OperationID? { worker.held.last ?? worker.task }

    /// A question, which the cloud may fail to answer.
    private func ask<Answer>(
        _ call: StaticString, _ id: String, _ read: (Int) -> Answer
    ) async throws(CloudError) -> Answer {
        let place = world.place(of: id)
        let delivery = await world.ask(worker, call) { () -> Result<Answer, CloudError> in
            guard let place else { return .failure(.notFound(Self.refusal(404))) }
            if let fault = world.fault(&worker.draw) { return .failure(fault) }
            world.cvms[place].settle(now: world.now)
            return .success(read(place))
        }
        return try Self.answer(delivery).get()
    }

    /// A request for a change.
    private func tell<Answer>(
        _ call: StaticString, _ id: String,
        _ effect: @escaping (_ place: Int, _ isStray: Bool) -> Result<Answer, CloudError>
    ) async throws(CloudError) -> Answer {
        let world = world
        let place = world.place(of: id)
        let operation = operation
        let revision = operation.flatMap(world.store.value)?.revision
        let delivery = await world.tell(worker, call) { isAgain -> Result<Answer, CloudError> in
            guard let place else { return .failure(.notFound(Self.refusal(404))) }
            // The sender is dead, and its successor has gone on before this came.
            let isStray = isAgain || operation.flatMap(world.store.value)?.revision != revision
            world.cvms[place].settle(now: world.now)
            if world.draw.chance(world.trouble.busy) {
                world.tally[.busyCloud] += 1
                return .failure(.conflict(CloudRefusal(status: 409, code: world.draw.chance(100) ? "ERR-09-001" : nil)))
            }
            if let fault = world.fault(&world.draw) {
                // What a server says when it fails does not tell whether it has acted.
                if fault.leavesOutcomeUnknown, world.draw.chance(500) { _ = effect(place, isStray) }
                return .failure(fault)
            }
            return effect(place, isStray)
        }
        return try Self.answer(delivery).get()
    }

    private static func answer<Answer>(
        _ delivery: Delivery<Result<Answer, CloudError>>
    ) -> Result<Answer, CloudError> {
        switch delivery {
        case .answered(let result): result
        case .notSent: .failure(.transport(.notSent(HTTPFailure(.connect))))
        case .lost: .failure(.transport(.lost(HTTPFailure(.timedOut))))
        }
    }

    static func refusal(_ status: Int) -> CloudRefusal { CloudRefusal(status: status) }

    // MARK: Reading

    func cvm(_ id: String) async throws(CloudError) -> CvmSnapshot {
        try await ask("read CVM", id) { place in
            if let operation { world.cvms[place].seen[operation] = world.cvms[place].version }
            return snapshot(place)
        }
    }

    func cvms(of app: Address) async throws(CloudError) -> [CvmSnapshot] {
        guard let first = world.cvms.first else { return [] }
        return try await ask("list CVMs", first.id) { _ in
            for place in world.cvms.indices { world.cvms[place].settle(now: world.now) }
            return world.cvms.indices.filter { !world.cvms[$0].isGone }.map(snapshot).filter { $0.target.app == app }
        }
    }

    func replicate(
        _ order: ReplicaOrder, of target: Target, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        world.oracle.orderingReplica(operation, mayMake: !prepareOnly, in: world)
        let (world, operation) = (world, operation)
        return try await tell("replicate", target.cvmID) { place, isStray in
            world.replicate(place, order, prepareOnly: prepareOnly, isStray: isStray, by: operation)
        }
    }

    func commitReplica(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> Replica {
        world.oracle.orderingReplica(operation, mayMake: true, in: world)
        let world = world
        return try await tell("commit replica", id) { place, isStray in
            world.commitReplica(place, token: token, spelledHash: spelledHash, proof: proof, isStray: isStray)
        }
    }

    private func snapshot(_ place: Int) -> CvmSnapshot {
        let cvm = world.cvms[place]
        return CvmSnapshot(
            target: Target(
                cvmID: cvm.id, vmUUID: "uuid-" + cvm.id,
                app: cvm.app.map { world.chain.apps[$0].address } ?? World.noApp,
                chainID: cvm.app.map { _ in Blockchain.id }, kms: nil, rpcEndpoint: nil, baseHash: cvm.hash,
                correlationID: cvm.isBusy ? cvm.changes.last?.correlationID : nil),
            status: cvm.status, isBusy: cvm.isBusy)
    }

    func composeFile(_ id: String) async throws(CloudError) -> JSONObject {
        try await ask("read compose file", id) { world.cvms[$0].object }
    }

    func pendingFields(app: String, vmUUID: String, spelledHash: String) async throws(CloudError) -> JSONObject {
        JSONObject()
    }

    func operations(_ id: String, since: Timestamp) async throws(CloudError) -> [CloudOperation] {
        guard world.plan.hasList else { throw .missingRoute(Self.refusal(404)) }
        // As the real client asks: a clock that is a little ahead must not hide an operation.
        let start = (since.milliseconds - 5000 - World.epoch) * 1000
        return try await ask("list operations", id) { place in
            world.cvms[place].changes.filter { $0.at >= start }.reversed().map { change in
                CloudOperation(
                    correlationID: change.correlationID, kind: "update",
                    status: change.isOver ? (change.restart == .succeeds ? "completed" : "failed") : "in_progress")
            }
        }
    }

    // MARK: Changing

    func prepare(
        _ change: Change, of id: String, prepareOnly: Bool
    ) async throws(CloudError) -> PrepareAnswer {
        world.oracle.preparing(operation, change, in: world)
        let (world, operation) = (world, operation)
        return try await tell("prepare", id) { place, isStray in
            world.prepare(place, change, prepareOnly: prepareOnly, isStray: isStray, by: operation)
        }
    }

    func confirm(
        _ change: Change, of id: String, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String? {
        try await confirm(id, token: nil, spelledHash: spelledHash, proof: proof)
    }

    func commit(
        _ id: String, token: String, spelledHash: String, proof: TransactionProof
    ) async throws(CloudError) -> String? {
        try await confirm(id, token: token, spelledHash: spelledHash, proof: proof)
    }

    private func confirm(
        _ id: String, token: String?, spelledHash: String, proof: TransactionProof?
    ) async throws(CloudError) -> String? {
        world.oracle.confirming(operation, spelledHash: spelledHash, in: world)
        let (world, operation) = (world, operation)
        return try await tell("confirm", id) { place, isStray in
            world.confirm(
                place, token: token, spelledHash: spelledHash, proof: proof, isStray: isStray, by: operation)
        }
    }
}
