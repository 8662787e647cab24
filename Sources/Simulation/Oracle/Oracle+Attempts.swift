// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// What must hold of everything that is signed.
extension Oracle {
    /// 2, 3, 6, 10, 16, 23: called with every write, looks at what is newly signed.
    func checkAttempts(
        before: Orchestrator.Operation, after: Orchestrator.Operation, _ index: Int, _ world: World
    ) {
        for place in after.calls.indices {
            guard let registration = after.calls[place].registration else { continue }
            let old = before.calls.indices.contains(place) ? before.calls[place].registration : nil
            let known = old?.attempts.count ?? 0
            guard registration.attempts.count > known else { continue }
            if let old, old.signer != registration.signer {
                world.violate(.oneSigner, "\(after.id) was signed by \(old.signer), now by \(registration.signer)")
            }
            checkOrder(place, after, world)
            for number in known..<registration.attempts.count {
                let attempt = registration.attempts[number]
                guard let transaction = world.chain.learn(attempt.raw, operation: index) else {
                    return world.violate(.storedBefore, "\(after.id) stored bytes that cannot be decoded")
                }
                check(attempt, world.chain.transactions[transaction], after.calls[place], after, world)
                let earlier = registration.attempts[..<number]
                checkFees(attempt, earlier, after, world)
                if !earlier.isEmpty, !earlier.contains(where: { $0.nonce == attempt.nonce }) {
                    checkSecondNonce(earlier, registration.signer, index, after, world)
                }
                checkHolder(attempt.nonce, registration.signer, after, world)
            }
        }
    }

    /// 23: what comes before in the plan is in effect, deep enough.
    private func checkOrder(_ place: Int, _ operation: Orchestrator.Operation, _ world: World) {
        for earlier in operation.calls[..<place] {
            guard earlier.inclusion != nil || earlier.foreignTransaction != nil || earlier.alreadyRegistered else {
                return world.violate(.order, "\(operation.id) signed call \(place) before the one before it was deep")
            }
            checkDepth(of: earlier, operation, world)
        }
    }

    /// 3 and 10: the signed bytes are the call that was verified, by the operation's signer.
    private func check(
        _ attempt: Attempt, _ transaction: SimulatedTransaction, _ planned: PlannedCall,
        _ operation: Orchestrator.Operation, _ world: World
    ) {
        guard let registration = planned.registration, transaction.sender == registration.signer,
            operation.intent.signer == nil || operation.intent.signer == registration.signer
        else { return world.violate(.oneSigner, "\(operation.id): \(attempt.hash) is signed by \(transaction.sender)") }
        guard transaction.hash == attempt.hash, transaction.nonce == attempt.nonce else {
            return world.violate(.oneHash, "\(operation.id): the bytes are not those of the attempt \(attempt.hash)")
        }
        guard attempt.purpose == .register else { return }
        if case .useNonce(let nonce, let account) = planned.call {
            guard nonce == attempt.nonce, account == transaction.sender, transaction.to == account,
                transaction.call == .nothing, operation.intent.change.chainCall?.call == planned.call
            else { return world.violate(.oneHash, "\(operation.id) signed more than a transfer to itself") }
            world.tally[.filledGap] += 1
            return
        }
        guard transaction.call == world.chain.call(planned.call), isWanted(planned.call, by: operation, world) else {
            return world.violate(.oneHash, "\(operation.id) signed \(transaction.call), which it does not want")
        }
    }

    /// Whether a call is one that the operator asked for: the hash of the update, or one named by the operator.
    private func isWanted(_ call: ContractCall, by operation: Orchestrator.Operation, _ world: World) -> Bool {
        if let wanted = operation.intent.change.chainCall { return call == wanted.call }
        if case .replica(let order) = operation.intent.change, let app = operation.target?.app {
            if let device = operation.acceptedDevice, call == .app(app, .addDevice(device)) { return true }
            return (order.composeHash ?? operation.target?.baseHash).map {
                call == .app(app, .addComposeHash($0.bytes32))
            } ?? false
        }
        guard let preparation = operation.preparation, let app = operation.target?.app,
            call == .app(app, .addComposeHash(preparation.composeHash.bytes32))
        else { return false }
        let isRight = world.expectedHash(of: operation) == preparation.composeHash
        return isRight || operation.intent.acceptedHash == preparation.composeHash
    }

    /// 16.
    private func checkFees(
        _ attempt: Attempt, _ earlier: ArraySlice<Attempt>, _ operation: Orchestrator.Operation, _ world: World
    ) {
        let policy = world.plan.policy
        guard attempt.maxFeePerGas <= policy.maxFeePerGas ?? 0,
            attempt.maxPriorityFeePerGas <= policy.maxPriorityFeePerGas ?? 0, attempt.gasLimit <= 200_000
        else {
            return world.violate(.fees, "\(operation.id) signed \(attempt.maxFeePerGas) wei a gas, beyond its caps")
        }
        var dearest: [UInt64: UInt256] = [:]
        for each in operation.attempts {
            let cost = each.maxFeePerGas.multiplied(by: UInt256(each.gasLimit)) ?? .max
            dearest[each.nonce] = max(dearest[each.nonce] ?? 0, cost)
        }
        var sum = UInt256(0)
        for cost in dearest.values { sum = sum.adding(cost) ?? .max }
        if sum > policy.maxCost ?? 0 { world.violate(.fees, "\(operation.id) may cost \(sum) wei, beyond its cap") }
        for each in earlier where each.nonce == attempt.nonce {
            guard Self.raises(attempt.maxFeePerGas, each.maxFeePerGas),
                Self.raises(attempt.maxPriorityFeePerGas, each.maxPriorityFeePerGas)
            else {
                return world.violate(.fees, "\(operation.id) replaces with fees that are not an eighth higher")
            }
        }
        if !earlier.isEmpty { world.tally[.replacement] += 1 }
    }

    private static func raises(_ fee: UInt256, _ other: UInt256) -> Bool {
        guard let left = fee.multiplied(by: 8), let right = other.multiplied(by: 9) else { return false }
        return left >= right
    }

    /// 2: everybody else's transactions have spent what was signed before.
    private func checkSecondNonce(
        _ earlier: ArraySlice<Attempt>, _ address: Address, _ index: Int, _ operation: Orchestrator.Operation,
        _ world: World
    ) {
        let signer = world.plan.signer(at: address)
        world.tally[.secondNonce] += 1
        for attempt in earlier {
            let spender = world.chain.deepSpender(of: attempt.nonce, by: signer)
            guard let spender, world.chain.transactions[spender].operation != index else {
                return world.violate(
                    .secondNonce, "\(operation.id) signed a second nonce, and \(attempt.nonce) is not spent at depth")
            }
        }
    }

    /// 6: nobody else's live bytes have the nonce, and the ledger names this operation.
    private func checkHolder(
        _ nonce: UInt64, _ signer: Address, _ operation: Orchestrator.Operation, _ world: World
    ) {
        let lane = Lane(chainID: Blockchain.id, signer: signer)
        let holder = world.store.ledger.first { $0.nonce == nonce && $0.lane == lane }
        if holder?.operation != operation.id {
            world.violate(.nonceOnce, "\(operation.id) signed nonce \(nonce), which the ledger does not give it")
        }
        let calls = operation.registrations.count { $0.attempts.contains { $0.nonce == nonce } }
        if calls > 1 { world.violate(.nonceOnce, "\(operation.id) signed two calls with nonce \(nonce)") }
        for other in world.store.values where other.id != operation.id {
            for registration in other.registrations where registration.signer == signer {
                for attempt in registration.attempts where attempt.nonce == nonce {
                    // Bytes of an operation that ended before it sent anything stay where they are.
                    if attempt.sendingAt != nil || !other.isFinished {
                        world.violate(.nonceOnce, "nonce \(nonce) belongs to \(operation.id) and to \(other.id)")
                    }
                }
            }
        }
    }
}
