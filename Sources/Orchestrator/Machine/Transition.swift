// SPDX-License-Identifier: Apache-2.0

import EthTx

extension Operation {
    /// The operation after an event: the state machine, pure, without clock and without I/O.
    ///
    /// - Throws: ``IllegalTransition`` when the event has no meaning in this phase.
    public func after(_ event: Event, at now: Timestamp) throws(IllegalTransition) -> Operation {
        guard Self.allows(event, in: self) else { throw IllegalTransition(phase: phase, event: event.name) }
        var next = self
        next.updatedAt = now
        next.apply(event, at: now)
        return next
    }

    /// The phases in which an event has a meaning.
    private static func allows(_ event: Event, in operation: Operation) -> Bool {
        let phase = operation.phase
        switch event {
        case .surveyed, .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .prepared, .appliedAtOnce,
            .nothingToChange, .yielded:
            return phase == .created
        case .verified, .approvalAwaited, .registrationNotRequired:
            return phase == .prepared
        case .foundRegistered:
            return phase == .prepared || phase == .verified
        case .signed:
            return phase == .verified
        case .replaced, .sendIntended, .accepted:
            return phase == .signed || phase == .broadcast
        case .mined, .nonceSpent, .burned, .reverted:
            return phase == .signed || phase == .broadcast || phase == .mined
        case .reorganised, .confirmed:
            return phase == .mined
        case .approved:
            return phase == .awaitingApproval
        case .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .committed:
            return phase == .confirmed
        case .renewed:
            return phase == .confirmed || phase == .awaitingApproval
        case .registrationLost:
            return (phase == .confirmed || phase == .committed) && operation.registration != nil
        case .running:
            return phase == .committed
        case .failed, .superseded:
            return !phase.isFinal
        case .cancelled:
            return operation.mayBeCancelled
        }
    }

    /// Whether nothing of the operation can have left this machine that still could take effect.
    public var mayBeCancelled: Bool {
        switch phase {
        case .created: prepareSentAt == nil
        case .prepared, .verified, .awaitingApproval: true
        case .signed: registration?.mayHaveBeenSent == false
        case .confirmed: confirmation == nil && openConfirmation == nil && registration == nil
        case .broadcast, .mined, .committed, .running, .failed, .cancelled, .superseded: false
        }
    }

    private mutating func apply(_ event: Event, at now: Timestamp) {
        switch event {
        case .surveyed(let target, let expectation):
            self.target = target
            self.expectation = expectation
        case .prepareIntended: prepareSentAt = now
        case .prepareNotApplied: prepareSentAt = nil
        case .prepareLeftOpen:
            openPrepare = openPrepare ?? prepareSentAt
            prepareSentAt = nil
        case .prepared(let preparation):
            self.preparation = preparation
            phase = .prepared
        case .appliedAtOnce(let correlationID):
            verification = .notRequired
            self.correlationID = correlationID
            phase = .committed
        case .nothingToChange:
            verification = .notRequired
            changedNothing = true
            phase = .committed
        case .verified(let verification, let owner, let block):
            noteExamination(verification, owner: owner, block: block)
            phase = .verified
        case .approvalAwaited(let verification, let owner, let block):
            noteExamination(verification, owner: owner, block: block)
            phase = .awaitingApproval
        case .foundRegistered(let verification, let owner, let block):
            noteExamination(verification, owner: owner, block: block)
            alreadyRegistered = true
            phase = .confirmed
        case .registrationNotRequired:
            verification = .notRequired
            phase = .confirmed
        case .signed, .replaced, .sendIntended, .accepted, .mined, .reorganised, .confirmed, .nonceSpent, .burned,
            .reverted, .registrationLost:
            applyChain(event, at: now)
        case .approved(let transaction):
            foreignTransaction = transaction
            alreadyRegistered = transaction == nil
            phase = .confirmed
        case .confirmationIntended(let mark): confirmation = mark
        case .confirmationNotApplied: confirmation = nil
        case .confirmationLeftOpen:
            openConfirmation = openConfirmation ?? confirmation
            confirmation = nil
        case .renewed(let preparation):
            self.preparation = preparation
            // What was turned down for want of a preparation may come a second time.
            openConfirmation = openConfirmation ?? confirmation
            confirmation = nil
            renewals += 1
        case .committed(let correlationID):
            self.correlationID = correlationID ?? self.correlationID
            phase = .committed
        case .running: phase = .running
        case .failed(let failure):
            self.failure = failure
            phase = .failed
        case .superseded(let failure):
            self.failure = failure
            phase = .superseded
        case .yielded(let id):
            standing = id
            failure = Failure(.superseded, "The same update is operation \(id) already; that one goes on.")
            phase = .superseded
        case .cancelled: phase = .cancelled
        }
    }

    /// The events of a transaction's life.
    private mutating func applyChain(_ event: Event, at now: Timestamp) {
        switch event {
        case .signed(let attempt, let block):
            let earlier = registration?.attempts ?? []
            registration = Registration(
                signer: registration?.signer ?? intent.signer ?? owner ?? .zero, nonce: attempt.nonce,
                signedAtBlock: block, attempts: earlier + [attempt])
            phase = .signed
        case .replaced(let attempt):
            registration?.attempts.append(attempt)
        case .sendIntended(let hash, let endpoint):
            registration?.markSending(hash, at: now, endpoint: endpoint)
        case .accepted(let hash):
            registration?.note(.accepted, of: hash)
            phase = .broadcast
        case .mined(let inclusion):
            self.inclusion = inclusion
            registration?.note(.mined, of: inclusion.hash)
            phase = .mined
        case .reorganised:
            forgetInclusion()
            phase = .broadcast
        case .confirmed(let inclusion):
            self.inclusion = inclusion
            phase = .confirmed
        case .nonceSpent:
            forgetInclusion()
            for attempt in registration?.current ?? [] { registration?.note(.displaced, of: attempt.hash) }
            phase = .verified
        case .burned(let hash):
            registration?.note(.mined, of: hash)
            phase = .cancelled
        case .reverted(let hash, let failure):
            registration?.note(.reverted, of: hash)
            self.failure = failure
            phase = .failed
        case .registrationLost:
            forgetInclusion()
            // What was asked for before may have been carried out.
            openConfirmation = openConfirmation ?? confirmation
            confirmation = nil
            phase = .broadcast
        case .surveyed, .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .prepared, .appliedAtOnce,
            .nothingToChange, .verified, .approvalAwaited, .foundRegistered, .registrationNotRequired, .approved,
            .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .renewed, .committed, .running,
            .failed, .superseded, .yielded, .cancelled:
            break
        }
    }

    /// The receipt is no longer on the canonical chain.
    private mutating func forgetInclusion() {
        if let inclusion { registration?.note(.accepted, of: inclusion.hash) }
        inclusion = nil
    }

    private mutating func noteExamination(_ verification: Verification, owner: Address, block: UInt64) {
        self.verification = verification
        self.owner = owner
        verifiedAtBlock = verifiedAtBlock ?? block
    }
}

extension Registration {
    /// Notes that an attempt is about to be sent, once.
    mutating func markSending(_ hash: TransactionHash, at now: Timestamp, endpoint: String?) {
        for index in attempts.indices where attempts[index].hash == hash && attempts[index].sendingAt == nil {
            attempts[index].sendingAt = now
            attempts[index].endpoint = endpoint
        }
    }

    /// Notes what became of an attempt.
    mutating func note(_ outcome: Attempt.Outcome?, of hash: TransactionHash) {
        for index in attempts.indices where attempts[index].hash == hash { attempts[index].outcome = outcome }
    }
}
