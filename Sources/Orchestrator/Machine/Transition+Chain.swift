// SPDX-License-Identifier: Apache-2.0

import EthTx

/// The events of a transaction's life, and the way from one call of the plan to the next.
extension Operation {
    mutating func applyChain(_ event: Event, at now: Timestamp) {
        switch event {
        case .signed(let attempt, let block):
            let signer = registrations.first?.signer ?? intent.signer ?? owner ?? .zero
            updateWork { work in
                work.alreadyRegistered = false
                work.registration = Registration(
                    signer: signer, nonce: attempt.nonce, signedAtBlock: block,
                    attempts: (work.registration?.attempts ?? []) + [attempt])
            }
            phase = .signed
        case .replaced(let attempt):
            updateWork { $0.registration?.attempts.append(attempt) }
        case .sendIntended(let hash, let endpoint):
            for place in calls.indices { calls[place].registration?.markSending(hash, at: now, endpoint: endpoint) }
        case .accepted(let hash):
            updateWork { $0.registration?.note(.accepted, of: hash) }
            phase = .broadcast
        case .mined(let inclusion):
            updateWork { work in
                work.inclusion = inclusion
                work.registration?.note(.mined, of: inclusion.hash)
            }
            phase = .mined
        case .reorganised:
            updateWork { $0.forgetInclusion() }
            phase = .broadcast
        case .confirmed(let inclusion):
            updateWork { $0.inclusion = inclusion }
            goOnAfterCall()
        case .nonceSpent:
            updateWork { work in
                work.forgetInclusion()
                for attempt in work.registration?.current ?? [] {
                    work.registration?.note(.displaced, of: attempt.hash)
                }
            }
            phase = .verified
        case .burned(let hash):
            updateWork { $0.registration?.note(.mined, of: hash) }
            phase = .cancelled
        case .reverted(let hash, let failure):
            updateWork { $0.registration?.note(.reverted, of: hash) }
            self.failure = failure
            phase = .failed
        case .overtaken(let hash, let other):
            updateWork { work in
                work.registration?.note(.reverted, of: hash)
                work.inclusion = nil
                work.foreignTransaction = other
            }
            goOnAfterCall()
        case .registrationLost(let place):
            current = place
            updateWork { $0.forgetInclusion() }
            // What was asked for before may have been carried out.
            openConfirmation = openConfirmation ?? confirmation
            confirmation = nil
            phase = .broadcast
        case .surveyed, .prepareIntended, .prepareNotApplied, .prepareLeftOpen, .prepared, .appliedAtOnce,
            .nothingToChange, .verified, .approvalAwaited, .foundRegistered, .registrationNotRequired, .foundInEffect,
            .deviceAccepted, .termsChanged, .replicaMade, .approved,
            .confirmationIntended, .confirmationNotApplied, .confirmationLeftOpen, .renewed, .committed, .running,
            .failed, .superseded, .yielded, .cancelled, .moved, .returned, .tokenNamed:
            break
        }
    }

    /// Notes a preparation, and plans the calls that it asks for unless they are planned.
    mutating func plan(_ preparation: Preparation) {
        self.preparation = preparation
        guard registers, calls.isEmpty else { return }
        calls = plannedCalls(for: preparation).map { PlannedCall($0) }
    }

    /// The calls that a preparation asks for; the device comes first: it is deep before the hash is signed.
    func plannedCalls(for preparation: Preparation) -> [ContractCall] {
        let device = kind == .replica ? preparation.deviceRegistration : nil
        return [device, preparation.registration].compactMap(\.self)
    }

    /// The call at work is in effect, deep enough: the next one is verified anew, or awaited if it holds signed bytes.
    mutating func goOnAfterCall() {
        guard !isAtLastCall else {
            phase = .confirmed
            return
        }
        current += 1
        phase = work?.holdsLiveBytes == true ? .broadcast : .prepared
    }

    /// Every call is in effect by somebody else's doing; a transaction that is known made the last one.
    mutating func settleByOthers(_ transaction: TransactionHash?) {
        current = max(calls.count - 1, 0)
        for place in calls.indices {
            let known = place == current ? transaction : nil
            calls[place].foreignTransaction = known
            calls[place].alreadyRegistered = known == nil
        }
    }

    mutating func updateWork(_ change: (inout PlannedCall) -> Void) {
        guard calls.indices.contains(current) else { return }
        change(&calls[current])
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
