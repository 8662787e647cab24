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
    ///
    /// - Parameter isStray: whether its sender has given it up or is dead, or it comes a second time.
    func prepare(
        _ place: Int, _ change: Change, prepareOnly: Bool, isStray: Bool, by operation: OperationID?
    ) -> Result<PrepareAnswer, CloudError> {
        let cvm = cvms[place]
        let isProvisioned = change.kind == .composeFile
        if cvm.isBusy, !isProvisioned { return .failure(.conflict(WorkerCloud.refusal(409))) }
        let object = plan.hashes.object(cvm.object, after: change)
        let hash = plan.hashes.hash(of: object)
        guard isProvisioned || (hash != cvm.hash && cvm.app != nil) else {
            let setting = plan.hashes.setting(change)
            // Nobody can tell whether an encrypted environment is the present one.
            let isNews = change.kind == .envs || (setting != nil && setting != cvm.setting)
            if hash == cvm.hash, !isNews { return .success(.nothingToChange) }
            if let setting { cvms[place].setting = setting }
            return .success(.applied(correlationID: apply(place, hash, object, by: operation, isStray: isStray)))
        }
        let isAllowed = cvm.app.map {
            chain.allows(hash.bytes32, app: $0, at: chain.canonical.head, in: chain.canonical)
        }
        if !isProvisioned,
            draw.chance(trouble.appliedAtOnce) || (isAllowed == true && !prepareOnly && draw.chance(500))
        {
            tally[.appliedAtOnce] += 1
            if let setting = plan.hashes.setting(change) { cvms[place].setting = setting }
            return .success(.applied(correlationID: apply(place, hash, object, by: operation, isStray: isStray)))
        }
        if cvm.pending?.token != nil { tally[.supersededToken] += 1 }
        if prepareOnly { cvms[place].tokens += 1 }
        let token = prepareOnly ? cvms[place].tokens : nil
        cvms[place].pending = SimulatedCvm.Pending(
            hash: hash, object: object, token: token, operation: operation, at: now,
            setting: plan.hashes.setting(change))
        note(0x30, "    \(cvm.id) names the hash \(hash)\(token.map { ", token \($0)" } ?? "")")
        let lies = draw.chance(trouble.otherHash)
        if lies { tally[.lyingCloud] += 1 }
        let named = lies ? plan.hashes.lie(&draw) : hash
        return .success(
            .hashNamed(
                Preparation(
                    composeHash: named, spelledHash: named.hex,
                    app: cvm.app.map { chain.apps[$0].address } ?? Self.noApp,
                    commitToken: token.map { "token-\(place)-\($0)" })))
    }

    /// What the cloud names as app of a CVM whose KMS is not on chain.
    static let noApp = Address(bytes: [UInt8](repeating: 7, count: 20)) ?? .zero

    /// Phase 2.
    func confirm(
        _ place: Int, token: String?, spelledHash: String, proof: TransactionProof?, isStray: Bool,
        by operation: OperationID?
    ) -> Result<String?, CloudError> {
        let cvm = cvms[place]
        if cvm.isBusy { return .failure(.conflict(WorkerCloud.refusal(409))) }
        guard let pending = cvm.pending, pending.hash.hex == spelledHash, now - pending.at < SimulatedCvm.validity,
            pending.token.map({ "token-\(place)-\($0)" }) == token || token == nil
        else {
            tally[.expired] += 1
            return .failure(.hashExpired(WorkerCloud.refusal(466)))
        }
        if let app = cvm.app, let refusal = refusal(app, pending.hash, proof) { return .failure(refusal) }
        if let setting = pending.setting { cvms[place].setting = setting }
        let owner = carriesOut(pending, for: operation) ? operation : pending.operation
        return .success(apply(place, pending.hash, pending.object, by: owner, isStray: isStray))
    }

    /// Whether what was prepared last is what an operation wants that is not over: then it does not matter who prepared.
    private func carriesOut(_ pending: SimulatedCvm.Pending, for id: OperationID?) -> Bool {
        guard let operation = id.flatMap(store.value), !operation.isFinished else { return false }
        return operation.preparation?.composeHash == pending.hash
            && plan.hashes.setting(operation.intent.change) == pending.setting
    }

    /// Why the cloud does not see the registration.
    func refusal(_ app: Int, _ hash: ComposeHash, _ proof: TransactionProof?) -> CloudError? {
        let view = chain.canonical
        var isProven = !draw.chance(trouble.unverified)
        if case .transaction(let named)? = proof, !proves(named, app, hash, view) { isProven = false }
        if !isProven {
            tally[.unverified] += 1
            return .transactionNotVerified(WorkerCloud.refusal(467))
        }
        let isAllowed = chain.allows(hash.bytes32, app: app, at: view.head, in: view)
        guard !isAllowed || draw.chance(trouble.falseRefusal) else { return nil }
        tally[.notAllowed] += 1
        let isDemand = draw.chance(300)
        return isDemand
            ? .hashRegistrationRequired(nil, WorkerCloud.refusal(465)) : .hashNotAllowed(WorkerCloud.refusal(468))
    }

    private func proves(_ hash: TransactionHash, _ app: Int, _ composeHash: ComposeHash, _ view: Branch) -> Bool {
        guard let index = chain.byHash[hash], let placement = chain.placement(of: index, in: view),
            placement.isSuccess
        else { return false }
        return chain.transactions[index].call == .write(app: app, .hash(composeHash.bytes32, true))
    }

    /// Begins an update of a CVM.
    func apply(
        _ place: Int, _ hash: ComposeHash, _ object: JSONObject, by operation: OperationID?, isStray: Bool = false
    ) -> String {
        oracle.applying(operation, to: cvms[place], hash: hash, isStray: isStray, in: self)
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
        let wanted = unfinished.first { $0.target?.cvmID == cvms[place].id && draw.chance(300) }
        if let wanted {
            // The same change, without what the hash does not cover.
            object = plan.hashes.object(object, after: wanted.intent.change)
        } else {
            object["docker_compose_file"] = .string("foreign \(draw.below(1000))")
        }
        let hash = plan.hashes.hash(of: object)
        guard hash != cvms[place].hash else { return }
        if wanted != nil { tally[.foreignTwin] += 1 }
        if applies {
            tally[.foreignUpdate] += 1
            chain.apps[app].allowed.append(hash.bytes32)
            oracle.chainChangedAt = now
            _ = apply(place, hash, object, by: nil)
        } else {
            tally[.foreignPrepare] += 1
            if cvms[place].pending?.token != nil { tally[.supersededToken] += 1 }
            cvms[place].tokens += 1
            cvms[place].pending = SimulatedCvm.Pending(
                hash: hash, object: object, token: cvms[place].tokens, operation: nil, at: now, setting: nil)
            note(0x32, "    somebody else prepares \(hash) for \(cvms[place].id)")
        }
    }
}
