// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx
import PhalaCloud

/// The calls of contracts that an operation consists of, and the one at work among them.
extension Operation {
    /// The call at work; after the last one that one; `nil` when nothing has to be called, or nothing is known yet.
    public var work: PlannedCall? { calls.indices.contains(current) ? calls[current] : nil }

    /// What is called.
    public var call: ContractCall? { work?.call }

    /// The signed side of the call at work.
    public var registration: Registration? { work?.registration }

    /// Where the call at work was mined.
    public var inclusion: Inclusion? { work?.inclusion }

    /// The transaction of the call at work when somebody else made it.
    public var foreignTransaction: TransactionHash? { work?.foreignTransaction }

    /// The contract of the app that the operation is about.
    public var app: Address? {
        if let app = preparation?.app ?? target?.app { return app }
        if case .app(let app, _)? = call { return app }
        return nil
    }

    /// What the contracts say when a call of the plan is in effect: the device of a replica needs no listing where every
    /// device is allowed.
    func effect(of call: ContractCall) -> ContractFact {
        guard kind == .replica, case .app(let app, .addDevice) = call else { return call.effect }
        return .any([call.effect, .allowsAnyDevice(by: app)])
    }

    /// Whether every call was in effect without a transaction of ours.
    public var alreadyRegistered: Bool { !calls.isEmpty && calls.allSatisfy(\.alreadyRegistered) }

    /// The signed side of every call.
    public var registrations: [Registration] { calls.compactMap(\.registration) }

    /// Every attempt of every call, in the order of the plan.
    public var attempts: [Attempt] { registrations.flatMap(\.attempts) }

    /// The signed side of the call that took a nonce.
    func registration(at nonce: UInt64) -> Registration? {
        registrations.first { $0.attempts.contains { $0.nonce == nonce } }
    }

    /// The attempts at a nonce, oldest first.
    func attempts(at nonce: UInt64) -> [Attempt] { attempts.filter { $0.nonce == nonce } }

    /// The most that what is signed at other nonces can cost, in wei, each at its dearest.
    func costElsewhere(than nonce: UInt64?) -> UInt256 {
        attempts.filter { $0.nonce != nonce }.greatestCost ?? .max
    }

    /// Whether the call at work is the last one.
    var isAtLastCall: Bool { current >= calls.count - 1 }

    /// What the contracts must say while the operation is carried on: every call is in effect, or, of a change that
    /// needed none, its hash is allowed.
    var requiredFact: ContractFact? {
        if !calls.isEmpty { return .all(calls.map { effect(of: $0.call) }) }
        guard let app = target?.app, let hash = finalHash else { return nil }
        return .allowsHash(hash.bytes32, by: app)
    }

    /// The newest block that holds a transaction of ours.
    var lastInclusionBlock: UInt64? { calls.compactMap(\.inclusion?.blockNumber).max() }

    /// The first call whose transaction of ours is no longer where it was.
    func lostCall(_ seen: Sighting) -> Int? {
        calls.firstIndex { planned in
            guard let inclusion = planned.inclusion else { return false }
            return seen.receipts[inclusion.hash]?.blockHash != inclusion.blockHash
        }
    }
}
