// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud
import StrictJSON

/// What the cloud does with requests.
extension World {
    /// Simulated time 0, in milliseconds since 1970.
    static let epoch: Int64 = 1_790_000_000_000

    func place(of cvm: String) -> Int? {
        cvms.firstIndex { $0.id == cvm }
    }

    func isOnChain(_ cvm: String) -> Bool {
        place(of: cvm).map { cvms[$0].app != nil } ?? false
    }

    /// What the cloud says when it fails.
    func fault(_ draw: inout Draw) -> CloudError? {
        guard trouble.serverFault > 0, draw.chance(trouble.serverFault) else { return nil }
        tally[.serverFault] += 1
        switch draw.below(4) {
        case 0: return .rateLimited(WorkerCloud.refusal(429), retryAfter: .seconds(1))
        case 1: return .unreadable(status: 200, reason: "cut off")
        case _: return .server(WorkerCloud.refusal(502), retryAfter: nil)
        }
    }

    /// Phase 1.
    func patch(
        _ place: Int, _ body: JSONObject, prepareOnly: Bool, isStray: Bool, by operation: OperationID?
    ) -> Result<PatchCvmResult, CloudError> {
        let cvm = cvms[place]
        if cvm.isBusy { return .failure(.conflict(WorkerCloud.refusal(409))) }
        var object = cvm.object
        if let text = body["docker_compose_file"] { object["docker_compose_file"] = text }
        let hash = plan.hashes.hash(of: object)
        guard hash != cvm.hash, let app = cvm.app else {
            if hash == cvm.hash, body["vcpu"] == cvm.vcpu || body["vcpu"] == nil { return .success(.noChange) }
            if let vcpu = body["vcpu"] { cvms[place].vcpu = vcpu }
            return .success(.accepted(correlationID: apply(place, hash, object, by: operation)))
        }
        let view = chain.canonical
        let isAllowed = chain.allows(hash.bytes32, app: app, at: view.head, in: view)
        // A stray request that the service applies at once, long after it was given up, is out of everybody's reach.
        if !isStray, draw.chance(trouble.appliedAtOnce) || (isAllowed && !prepareOnly && draw.chance(500)) {
            tally[.appliedAtOnce] += 1
            return .success(.accepted(correlationID: apply(place, hash, object, by: operation)))
        }
        if cvm.pending?.token != nil { tally[.supersededToken] += 1 }
        if prepareOnly { cvms[place].tokens += 1 }
        let token = prepareOnly ? cvms[place].tokens : nil
        cvms[place].pending = SimulatedCvm.Pending(hash: hash, object: object, token: token)
        note(0x30, "    \(cvm.id) asks for the registration of \(hash)\(token.map { ", token \($0)" } ?? "")")
        let lies = draw.chance(trouble.otherHash)
        if lies { tally[.lyingCloud] += 1 }
        return .success(
            .requiresOnChainHash(
                HashRequirement(
                    hash: lies ? plan.hashes.lie(instead: hash, &draw) : hash, app: chain.apps[app].address,
                    commitToken: token.map { "token-\(place)-\($0)" })))
    }

    /// Phase 2.
    func confirm(
        _ place: Int, token: String?, spelledHash: String, proof: TransactionProof, by operation: OperationID?
    ) -> Result<String?, CloudError> {
        let cvm = cvms[place]
        if cvm.isBusy { return .failure(.conflict(WorkerCloud.refusal(409))) }
        guard let pending = cvm.pending, let app = cvm.app, pending.hash.hex == spelledHash,
            pending.token.map({ "token-\(place)-\($0)" }) == token || token == nil
        else {
            tally[.expired] += 1
            return .failure(.hashExpired(WorkerCloud.refusal(466)))
        }
        if draw.chance(trouble.unverified) {
            tally[.unverified] += 1
            return .failure(.transactionNotVerified(WorkerCloud.refusal(467)))
        }
        let view = chain.canonical
        if case .transaction(let hash) = proof, !proves(hash, app, pending.hash, view) {
            tally[.unverified] += 1
            return .failure(.transactionNotVerified(WorkerCloud.refusal(467)))
        }
        let isAllowed = chain.allows(pending.hash.bytes32, app: app, at: view.head, in: view)
        if !isAllowed || draw.chance(trouble.falseRefusal) {
            tally[.notAllowed] += 1
            if draw.chance(300) { return .failure(.hashRegistrationRequired(nil, WorkerCloud.refusal(465))) }
            return .failure(.hashNotAllowed(WorkerCloud.refusal(468)))
        }
        return .success(apply(place, pending.hash, pending.object, by: operation))
    }

    private func proves(_ hash: TransactionHash, _ app: Int, _ composeHash: ComposeHash, _ view: Branch) -> Bool {
        guard let index = chain.byHash[hash], let placement = chain.placement(of: index, in: view),
            placement.isSuccess, case .add(app, composeHash.bytes32) = chain.transactions[index].call
        else { return false }
        return true
    }

    /// Begins an update of a CVM.
    func apply(_ place: Int, _ hash: ComposeHash, _ object: JSONObject, by operation: OperationID?) -> String {
        oracle.applying(operation, to: cvms[place], hash: hash, in: self)
        objects[hash] = object
        var restart = SimulatedCvm.Restart.succeeds
        if draw.chance(trouble.failedRestart) {
            restart = draw.chance(500) ? .breaks : .rollsBack
            tally[.failedRestart] += 1
        }
        let correlationID = cvms[place].apply(
            hash, object, by: operation, now: now, lasting: Int64(draw.between(1, 8)) * 1_000_000, restart: restart)
        note(0x31, "    \(cvms[place].id) updates to \(hash) for \(operation?.text ?? "somebody else")")
        return correlationID
    }

    /// Somebody else prepares another change, and perhaps makes it.
    func disturb(cvm place: Int, applies: Bool) {
        cvms[place].settle(now: now)
        guard !cvms[place].isBusy, let app = cvms[place].app else { return }
        var object = cvms[place].object
        object["docker_compose_file"] = .string("foreign \(draw.below(1000))")
        let hash = plan.hashes.hash(of: object)
        if applies {
            tally[.foreignUpdate] += 1
            chain.apps[app].allowed.append(hash.bytes32)
            _ = apply(place, hash, object, by: nil)
        } else {
            tally[.foreignPrepare] += 1
            if cvms[place].pending?.token != nil { tally[.supersededToken] += 1 }
            cvms[place].tokens += 1
            cvms[place].pending = SimulatedCvm.Pending(hash: hash, object: object, token: cvms[place].tokens)
            note(0x32, "    somebody else prepares \(hash) for \(cvms[place].id)")
        }
    }
}
