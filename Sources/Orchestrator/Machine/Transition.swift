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
            return phase == .created && operation.kind.involvesCloud
        case .verified:
            return operation.isUnverified
        case .registrationNotRequired:
            return operation.isUnverified
        case .approvalAwaited, .foundInEffect:
            return phase == .prepared
        case .termsChanged:
            return !operation.isFinished && phase != .moved
        case .deviceAccepted:
            return operation.kind == .replica && (phase == .prepared || phase == .verified)
        case .replicaMade:
            return operation.kind == .replica && (phase == .created || phase == .confirmed || phase == .committed)
        case .foundRegistered:
            return operation.isUnverified || phase == .verified
        case .signed:
            // What somebody else is to approve takes no nonce here, wherever it goes on.
            return phase == .verified && operation.intent.mode == .register
        case .replaced, .sendIntended, .accepted:
            return phase == .signed || phase == .broadcast
        case .mined, .nonceSpent, .burned, .reverted, .overtaken:
            return phase == .signed || phase == .broadcast || phase == .mined
        case .reorganised, .confirmed:
            return phase == .mined
        case .approved:
            return phase == .awaitingApproval
        case .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .committed:
            return phase == .confirmed
        case .renewed:
            return phase == .confirmed || phase == .awaitingApproval
        case .registrationLost(let place):
            return (phase == .confirmed || phase == .committed) && operation.calls.indices.contains(place)
                && operation.calls[place].registration != nil
        case .running:
            return phase == .committed
        case .failed, .superseded:
            return !phase.isFinal
        case .cancelled:
            return operation.mayBeCancelled
        case .moved:
            return phase == .awaitingApproval && operation.registrations.isEmpty && operation.hop < Operation.hopLimit
        case .returned(let hop, _, _):
            return phase == .moved && hop > operation.hop
        case .tokenNamed:
            return phase == .awaitingApproval && operation.isTokenWithheld
        }
    }

    /// Whether the next thing is to verify.
    private var isUnverified: Bool { phase == (isPreparedFirst ? .prepared : .created) }

    /// Whether nothing of the operation can have left this machine that still could take effect.
    public var mayBeCancelled: Bool {
        guard !isFinished, calls.allSatisfy({ $0.inclusion == nil }) else { return false }
        return switch phase {
        case .created: prepareSentAt == nil
        case .prepared, .verified, .awaitingApproval: true
        case .signed: registration?.mayHaveBeenSent == false
        case .confirmed: confirmation == nil && openConfirmation == nil && registrations.isEmpty
        case .broadcast, .mined, .committed, .running, .failed, .cancelled, .superseded, .moved: false
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
            plan(preparation)
            preparedAt = now
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
        case .approvalAwaited(let verification, let owner, let kind, let block):
            noteExamination(verification, owner: owner, block: block)
            ownerKind = kind
            phase = .awaitingApproval
        case .foundRegistered(let verification, let owner, let block):
            noteExamination(verification, owner: owner, block: block)
            noteInEffect(atBlock: block)
            updateWork { $0.alreadyRegistered = true }
            goOnAfterCall()
        case .registrationNotRequired:
            verification = .notRequired
            phase = .confirmed
        case .foundInEffect(let place):
            if calls.indices.contains(place) { calls[place].alreadyRegistered = true }
        case .termsChanged(let terms): intent = intent.under(terms)
        case .deviceAccepted(let device): acceptedDevice = device
        case .replicaMade(let replica):
            verification = verification ?? .notRequired
            self.replica = replica
            phase = .committed
        case .signed, .replaced, .sendIntended, .accepted, .mined, .reorganised, .confirmed, .nonceSpent, .burned,
            .reverted, .overtaken, .registrationLost:
            applyChain(event, at: now)
        case .approved(let transaction, let block):
            noteInEffect(atBlock: block)
            settleByOthers(transaction)
            phase = .confirmed
        case .confirmationIntended(let mark): confirmation = mark
        case .confirmationNotApplied: confirmation = nil
        case .confirmationLeftOpen:
            openConfirmation = openConfirmation ?? confirmation
            confirmation = nil
        case .renewed(let preparation):
            self.preparation = preparation
            preparedAt = now
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
        case .moved: leave()
        case .returned(let hop, let preparation, let isTokenWithheld):
            comeBack(hop, preparation, isTokenWithheld: isTokenWithheld)
        case .tokenNamed(let token): take(token: token)
        }
    }
}

extension Operation {
    fileprivate mutating func noteExamination(_ verification: Verification, owner: Address, block: UInt64) {
        self.verification = verification
        self.owner = owner
        verifiedAtBlock = verifiedAtBlock ?? block
    }

    /// An endpoint that is behind this block can't tell that what was seen in effect is no longer so.
    fileprivate mutating func noteInEffect(atBlock block: UInt64) {
        verifiedAtBlock = max(verifiedAtBlock ?? 0, block)
    }
}
