// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// What must hold of everything that is signed.
extension Oracle {
    /// 2, 3, 6, 10, 16: called with every write, looks at what is newly signed.
    func checkAttempts(
        before: Orchestrator.Operation, after: Orchestrator.Operation, _ index: Int, _ world: World
    ) {
        guard let registration = after.registration else { return }
        let known = before.registration?.attempts.count ?? 0
        guard registration.attempts.count > known else { return }
        if let earlier = before.registration, earlier.signer != registration.signer {
            world.violate(.oneSigner, "\(after.id) was signed by \(earlier.signer), now by \(registration.signer)")
        }
        for place in known..<registration.attempts.count {
            let attempt = registration.attempts[place]
            guard let transaction = world.chain.learn(attempt.raw, operation: index) else {
                world.violate(.storedBefore, "\(after.id) stored bytes that cannot be decoded")
                return
            }
            check(attempt, world.chain.transactions[transaction], after, world)
            checkFees(attempt, registration.attempts[..<place], after, world)
            let earlier = registration.attempts[..<place]
            if !earlier.isEmpty, !earlier.contains(where: { $0.nonce == attempt.nonce }) {
                checkSecondNonce(earlier, index, after, world)
            }
            checkHolder(attempt.nonce, after, world)
        }
    }

    /// 3 and 10: the signed bytes are the registration that was verified, by the operation's signer.
    private func check(
        _ attempt: Attempt, _ transaction: SimulatedTransaction, _ operation: Orchestrator.Operation, _ world: World
    ) {
        guard let registration = operation.registration, transaction.sender == registration.signer,
            operation.intent.signer == nil || operation.intent.signer == registration.signer
        else { return world.violate(.oneSigner, "\(operation.id): \(attempt.hash) is signed by \(transaction.sender)") }
        guard transaction.hash == attempt.hash, transaction.nonce == attempt.nonce else {
            return world.violate(.oneHash, "\(operation.id): the bytes are not those of the attempt \(attempt.hash)")
        }
        guard attempt.purpose == .register else { return }
        if case .useNonce(let nonce, let account)? = operation.call {
            guard nonce == attempt.nonce, account == transaction.sender, transaction.to == account,
                case .nothing = transaction.call
            else { return world.violate(.oneHash, "\(operation.id) signed more than a transfer to itself") }
            world.tally[.filledGap] += 1
            return
        }
        guard case .add(let app, let hash) = transaction.call,
            let preparation = operation.preparation, preparation.composeHash.bytes32 == hash,
            world.chain.apps[app].address == operation.target?.app
        else { return world.violate(.oneHash, "\(operation.id) signed another call than the one that it verified") }
        let isRight = world.expectedHash(of: operation) == preparation.composeHash
        if !isRight, operation.intent.acceptedHash != preparation.composeHash {
            world.violate(.oneHash, "\(operation.id) signed \(hash), which is not the hash of its update")
        }
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
        for each in earlier + [attempt] {
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
        _ earlier: ArraySlice<Attempt>, _ index: Int, _ operation: Orchestrator.Operation, _ world: World
    ) {
        guard let registration = operation.registration else { return }
        let signer = world.plan.signer(at: registration.signer)
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
    private func checkHolder(_ nonce: UInt64, _ operation: Orchestrator.Operation, _ world: World) {
        guard let registration = operation.registration, let chainID = operation.target?.chainID else { return }
        let lane = Lane(chainID: chainID, signer: registration.signer)
        let holder = world.store.ledger.first { $0.nonce == nonce && $0.lane == lane }
        if holder?.operation != operation.id {
            world.violate(.nonceOnce, "\(operation.id) signed nonce \(nonce), which the ledger does not give it")
        }
        for other in world.store.values where other.id != operation.id && other.registration?.signer == lane.signer {
            for attempt in other.attempts where attempt.nonce == nonce {
                // Bytes of an operation that ended before it sent anything stay where they are.
                if attempt.sendingAt != nil || !other.isFinished {
                    world.violate(.nonceOnce, "nonce \(nonce) belongs to \(operation.id) and to \(other.id)")
                }
            }
        }
    }
}
