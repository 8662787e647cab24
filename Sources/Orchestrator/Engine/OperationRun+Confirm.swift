// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `confirmed`: telling the cloud, once.
extension OperationRun {
    /// How often an expired preparation is renewed.
    private static let renewalLimit = 3

    /// After so many answers that the transaction cannot be verified, the contract's state is offered as the proof.
    private static let unverifiedLimit = 3

    /// Blocks that an endpoint may be behind another.
    private static let greatestLag: UInt64 = 10_000

    /// Looks once more at CVM and chain, stores the intent, and confirms.
    mutating func confirm() async throws(Failure) {
        if case .replica(let order) = operation.intent.change { return try await makeReplica(order) }
        guard let target = operation.target, let preparation = operation.preparation else { return }
        let cvm = try await ask { cloud throws(CloudError) in try await cloud.cvm(target.cvmID) }
        if try await settle(cvm) { return }
        if let open = operation.openConfirmation, let late = try await listedApplication(since: open) {
            return try await record(.committed(correlationID: late.correlationID))
        }
        var proof: TransactionProof?
        if operation.registers {
            proof = try await currentProof()
            guard proof != nil else { return }
        }
        try await record(.confirmationIntended(try await mark(before: cvm)))
        do {
            let correlationID: String?
            if let token = preparation.commitToken, let proof {
                correlationID = try await engine.cloud.commit(
                    target.cvmID, token: token, spelledHash: preparation.spelledHash, proof: proof)
            } else {
                correlationID = try await engine.cloud.confirm(
                    operation.intent.change, of: target.cvmID, spelledHash: preparation.spelledHash, proof: proof)
            }
            try await record(.committed(correlationID: correlationID))
        } catch let error as CloudError {
            try await judge(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "\(error)")
        }
    }

    /// What the CVM's hash says before a confirmation: ours means applied, another means superseded.
    ///
    /// - Returns: whether the operation moved.
    mutating func settle(_ cvm: CvmSnapshot) async throws(Failure) -> Bool {
        guard let target = operation.target, let ours = operation.finalHash, let found = cvm.target.baseHash,
            found != target.baseHash
        else { return false }
        if found == ours {
            guard operation.mayHaveBeenApplied || operation.intent.change.isAllInCompose else {
                try await record(.superseded(.twin(found)))
                return true
            }
            try await record(.committed(correlationID: cvm.target.correlationID))
        } else if target.baseHash == nil {
            return false
        } else {
            try await record(.superseded(.lostUpdate(found: found)))
        }
        return true
    }

    /// The proof of the registration as the chain is now; `nil` when the operation moved back.
    mutating func currentProof() async throws(Failure) -> TransactionProof? {
        guard let preparation = operation.preparation else { return nil }
        let seen: Sighting
        if let sighting, engine.clock.uptime() - sighting.at < .seconds(3), operation.inclusion != nil,
            unverifiedAnswers == 0
        {
            seen = sighting.0
        } else {
            seen = try await lookAtCalls()
        }
        if let lost = operation.lostCall(seen) {
            try await returnToBroadcast(lost)
            return nil
        }
        let offersState = unverifiedAnswers >= Self.unverifiedLimit && seen.isInEffect == true
        if let inclusion = operation.inclusion {
            return offersState ? .alreadyRegistered : .transaction(inclusion.hash)
        }
        if let transaction = operation.foreignTransaction {
            // A reorganisation may have left another transaction in its place.
            return offersState ? .alreadyRegistered : .transaction(transaction)
        }
        if isRefusal(seen) {
            try await end(
                Failure(
                    .hashNotAllowed,
                    "The contract \(preparation.app.checksummed) no longer allows the hash "
                        + "\(preparation.composeHash), and this operation has not registered it.",
                    hint: "Run the update again if you still want it."))
            return nil
        }
        guard seen.isInEffect != false else {
            try await pause(pace.pause, for: "an endpoint that is behind")
            return nil
        }
        return .alreadyRegistered
    }

    /// Whether a look proves that the contract does not allow the hash: an endpoint that is behind the block in which
    /// it was found allowed proves nothing.
    func isRefusal(_ seen: Sighting) -> Bool {
        let known = operation.lastInclusionBlock ?? operation.verifiedAtBlock ?? 0
        return seen.isInEffect == false && seen.head.number >= known
    }

    /// Looks where the attempts of all calls stand, and whether what must be allowed is allowed where facts count.
    mutating func lookAtCalls() async throws(Failure) -> Sighting {
        let limits = try limits()
        let head = limits.confirmations == 1 ? nil : try await recentHead()
        // An endpoint that was behind when it was asked for the head must not lead the question back before the
        // registration.
        let known = operation.lastInclusionBlock ?? operation.verifiedAtBlock.map(limits.depthBlock) ?? 0
        let block = head.map { head in
            let depth = limits.depthBlock(head: head)
            // No endpoint is that far behind: whoever told the block made it up, and no honest one could ever answer.
            return known > depth && known - depth > Self.greatestLag ? depth : max(depth, known)
        }
        return try await look(
            blocks: Set(operation.calls.compactMap(\.inclusion?.blockNumber)).sorted(),
            question: operation.requiredFact.map { Lookout.Question(fact: $0, block: block) })
    }

    /// The newest block's number, not older than a few seconds: a depth is counted from the head of now.
    private mutating func recentHead() async throws(Failure) -> UInt64 {
        if let sighting, engine.clock.uptime() - sighting.at < .seconds(3) { return sighting.0.head.number }
        return try await askChain { chain throws(ChainFault) in try await chain.head() }.number
    }

    /// What an answer that is no acceptance means.
    mutating func judge(_ error: CloudError) async throws(Failure) {
        switch error {
        case .transactionNotVerified:
            try await turnedDown(error)
        case .hashNotAllowed:
            try await judgeRefusal(error)
        case .hashRegistrationRequired(let requirement, _):
            if let requirement, requirement.hash != operation.preparation?.composeHash {
                return try await record(.superseded(.otherHash(requirement.composeHash)))
            }
            try await judgeRefusal(error)
        case .hashExpired:
            try await renew(after: error)
        case .rejected(let refusal) where operation.kind == .composeFile && refusal.status == 400:
            // A commit of what the service no longer has provisioned; provisioning again changes nothing.
            try await renew(after: error)
        case .transport, .unreadable, .schemaMismatch, .unauthorized, .notFound, .missingRoute, .ambiguousCvm,
            .validation, .conflict, .rateLimited, .server, .rejected, .invalidRequest:
            if error.leavesOutcomeUnknown {
                try await restAfterConfirmation(error)
            } else {
                try await turnedDown(error)
            }
        }
    }

    /// The service said no and meant it: nothing was applied.
    ///
    /// Try again a little later, or stop if that is no use.
    private mutating func turnedDown(_ error: CloudError) async throws(Failure) {
        guard error.isRetryable else {
            try await record(.confirmationNotApplied)
            throw error.failure
        }
        try await tryLater(error)
    }

    /// Nothing was applied, and the service is expected to come round.
    private mutating func tryLater(_ error: CloudError) async throws(Failure) {
        unverifiedAnswers += 1
        // The service sees something else than our endpoint: the receipt is read anew, elsewhere if possible.
        if unverifiedAnswers > 1, operation.registers { try connectedChain().turnToAnotherEndpoint() }
        try await record(.confirmationLeftOpen)
        try await restAfterConfirmation(error)
    }

    private mutating func restAfterConfirmation(_ error: CloudError) async throws(Failure) {
        guard let rest = confirmationBackoff.next(atLeast: error.retryAfter, jitter: jitter) else {
            throw error.failure
        }
        try await pause(rest, for: "the cloud to accept the registration")
    }

    /// The service says that the contract does not allow the hash: our own reading decides.
    private mutating func judgeRefusal(_ error: CloudError) async throws(Failure) {
        guard operation.registers else { return try await turnedDown(error) }
        let seen = try await lookAtCalls()
        if seen.isInEffect == true { return try await tryLater(error) }
        if let lost = operation.lostCall(seen) { return try await returnToBroadcast(lost) }
        guard isRefusal(seen) else { return try await tryLater(error) }
        let failure = Failure(
            .hashNotAllowed,
            "The contract does not allow the hash \(operation.preparation?.composeHash.hex ?? "") although its "
                + "registration is on chain: somebody removed it again. It was not registered a second time.",
            hint: "Ask the contract's owner, then run the update again.")
        try await end(failure)
    }

    /// The preparation has expired or was superseded: prepare again.
    ///
    /// The same hash needs no second registration.
    private mutating func renew(after refusal: CloudError) async throws(Failure) {
        guard let target = operation.target, let preparation = operation.preparation else { return }
        // What somebody else has updated meanwhile is not prepared anew.
        let cvm = try await ask { cloud throws(CloudError) in try await cloud.cvm(target.cvmID) }
        if try await settle(cvm) { return }
        if let mark = operation.openConfirmation ?? operation.confirmation,
            let late = try await listedApplication(since: mark)
        {
            return try await record(.committed(correlationID: late.correlationID))
        }
        if operation.intent.change.isUnknown { return try await endAdopted(cvm, refusal) }
        guard operation.renewals < Self.renewalLimit else { return try await giveWay(cvm, refusal) }
        do {
            let answer = try await engine.cloud.prepare(
                operation.intent.change, of: target.cvmID, prepareOnly: operation.kind.knowsPrepareOnly)
            switch answer {
            case .applied(let correlationID): try await record(.committed(correlationID: correlationID))
            case .nothingToChange: try await record(.committed(correlationID: nil))
            case .replicaMade(let replica): try await record(.replicaMade(replica))
            case .hashNamed(let renewed):
                guard renewed.composeHash == preparation.composeHash else {
                    return try await end(.otherHash(renewed.spelledHash))
                }
                try await record(.renewed(renewed))
            }
        } catch let error as CloudError {
            if error.leavesOutcomeUnknown { return try await restAfterConfirmation(error) }
            try await turnedDown(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "\(error)")
        }
    }

    /// An operation that was adopted by its token has no change of its own: only who prepared it can prepare it anew.
    private mutating func endAdopted(_ cvm: CvmSnapshot, _ refusal: CloudError) async throws(Failure) {
        if cvm.isBusy {
            return try await pause(.milliseconds(500), for: "the CVM's operation in progress to end")
        }
        let failure = refusal.failure
        try await end(
            Failure(
                failure.code,
                failure.message + " The update was not applied; the hash stays as it is on chain.",
                hint: "Prepare the update anew where the change is known, and commit it with the new token."))
    }

    /// As many preparations as may be made were turned down, the last one now: others prepare the CVM at the same time.
    ///
    /// That is a definite answer, so the last confirmation was not applied; an earlier one, whose answer was lost, shows
    /// in the CVM.
    private mutating func giveWay(_ cvm: CvmSnapshot, _ refusal: CloudError) async throws(Failure) {
        if cvm.isBusy {
            // What it is busy with may be ours: the mark stays, and the CVM is looked at again when it rests.
            return try await pause(.milliseconds(500), for: "the CVM's operation in progress to end")
        }
        let isRegistered = operation.registers && operation.target?.chainID != nil
        let failure = Failure(
            .finalConflict,
            "The service turned the preparation down although it was renewed \(Self.renewalLimit) times, at last with: "
                + "\(refusal.message) The update was not applied."
                + (isRegistered
                    ? " The hash \(operation.preparation?.composeHash.hex ?? "") stays registered on chain: a new "
                        + "update needs no second transaction." : ""),
            hint: "Look for another update of the same CVM, then run the update again if you still want it.")
        try await record(.superseded(failure))
    }
}

extension Operation {
    /// Whether a request of this operation may have made the CVM what it is.
    fileprivate var mayHaveBeenApplied: Bool {
        confirmation != nil || openConfirmation != nil || openPrepare != nil
    }
}

extension Failure {
    /// The CVM came to our hash before any request of ours can have brought it there, as far as can be known.
    fileprivate static func twin(_ hash: ComposeHash) -> Failure {
        Failure(
            .superseded,
            "The CVM came to the compose hash of this update, \(hash), before it was confirmed: somebody else made the same "
                + "change. What the hash does not cover, such as the environment, may be another.",
            hint: "Run the update again if you want that, too; no second transaction is needed.")
    }

    /// The service now asks for another hash than the one that was verified and registered.
    static func otherHash(_ spelled: String) -> Failure {
        Failure(
            .superseded,
            "The service now asks for another hash, \(spelled): the update was changed or replaced since it was prepared.",
            hint: "Run the update again if you still want it.")
    }
}
