// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// A replica: prepared, then made by one request that must take effect once.
extension OperationRun {
    /// So often an expired preparation is made again.
    private static let renewalLimit = 3

    /// Has the machine made, the list of machines that there are being on disk.
    ///
    /// The token takes effect once, so it may be sent again after a lost answer. Without a token the operator is asked.
    mutating func makeReplica(_ order: ReplicaOrder) async throws(Failure) {
        guard let target = operation.target else { return }
        if operation.replica != nil { return try await record(.committed(correlationID: nil)) }
        if try await adoptReplica() { return }
        var proof: TransactionProof?
        if operation.registers {
            proof = try await currentProof()
            guard proof != nil else { return }
        }
        let before: [String]
        if let known = operation.openConfirmation?.machines {
            before = known
        } else {
            before = try await machines().map(\.target.cvmID)
        }
        try await record(
            .confirmationIntended(
                ConfirmationMark(at: engine.clock.now(), correlationBefore: nil, machines: before)))
        do {
            if let preparation = operation.preparation, let token = preparation.commitToken, let proof {
                let replica = try await engine.cloud.commitReplica(
                    target.cvmID, token: token, spelledHash: preparation.spelledHash, proof: proof)
                try await record(.replicaMade(replica))
            } else {
                let answer = try await engine.cloud.replicate(order, of: target, prepareOnly: false)
                try await recordReplica(answer)
            }
        } catch let error as CloudError {
            try await judgeReplica(error)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.internalError, "\(error)")
        }
    }

    /// The request for the machine may have been sent by a process that is gone, or its answer was lost.
    mutating func findReplica() async throws(Failure) {
        guard let mark = operation.confirmation else { return }
        if try await adoptReplica() { return }
        switch takeDecision() {
        case .sendAgain:
            // The operator is sure that nothing was made.
            if operation.preparation == nil { return try await record(.confirmationNotApplied) }
            return try await renewReplica()
        case .ask, .assumeApplied: break
        }
        if try await restUntilSettled(mark.at) { return }
        guard operation.preparation?.commitToken != nil else { throw .unknownReplica(operation.id) }
        try await record(.confirmationLeftOpen)
    }

    /// What it means that the machine was not made.
    private mutating func judgeReplica(_ error: CloudError) async throws(Failure) {
        guard case .hashExpired = error else { return try await judge(error) }
        // A token that has been used is answered in the same way as one that has expired.
        if try await adoptReplica() { return }
        guard operation.openConfirmation == nil else { throw .unknownReplica(operation.id) }
        try await renewReplica()
    }

    /// Takes over the one machine that was not there before the first request for it.
    ///
    /// - Returns: whether there is one.
    private mutating func adoptReplica() async throws(Failure) -> Bool {
        guard let before = (operation.openConfirmation ?? operation.confirmation)?.machines else { return false }
        let ours = operation.finalHash
        let new = try await machines().filter { machine in
            !before.contains(machine.target.cvmID)
                && (machine.target.baseHash == nil || machine.target.baseHash == ours)
        }
        guard let found = new.first else { return false }
        guard new.count == 1 else {
            throw Failure(
                .conflict,
                "\(new.count) new machines of the app have come up since the replica was asked for, and nothing tells "
                    + "which one is it. None was asked for again.",
                hint: "Look at them with 'countersign cvm list'; when all but one are gone, run 'countersign resume "
                    + "\(operation.id)'.")
        }
        try await record(
            .replicaMade(Replica(cvmID: found.target.cvmID, vmUUID: found.target.vmUUID, name: found.name)))
        return true
    }

    /// The machines of the app that the workspace has.
    private mutating func machines() async throws(Failure) -> [CvmSnapshot] {
        guard let app = operation.target?.app else { return [] }
        return try await ask { cloud throws(CloudError) in try await cloud.cvms(of: app) }
    }

    /// Prepares anew what has expired before anything was made of it: the same hash and device need no second grant.
    private mutating func renewReplica() async throws(Failure) {
        guard case .replica(let order) = operation.intent.change, let target = operation.target,
            let preparation = operation.preparation
        else { return }
        guard operation.renewals < Self.renewalLimit else {
            throw Failure(
                .conflict, "The service has turned the preparation down \(Self.renewalLimit) times.",
                hint: "Look for another replica of the same CVM, then run 'countersign resume \(operation.id)'.")
        }
        let answer = try await ask { cloud throws(CloudError) in
            try await cloud.replicate(order, of: target, prepareOnly: true)
        }
        guard case .hashNamed(let renewed) = answer else { return try await recordReplica(answer) }
        guard renewed.composeHash == preparation.composeHash else {
            return try await end(.otherHash(renewed.spelledHash))
        }
        guard renewed.device == preparation.device, renewed.app == preparation.app else {
            return try await end(.otherDevice(renewed.device))
        }
        try await record(.renewed(renewed))
    }

    /// Records what a request without a token came to.
    private mutating func recordReplica(_ answer: PrepareAnswer) async throws(Failure) {
        switch answer {
        case .replicaMade(let replica): try await record(.replicaMade(replica))
        case .hashNamed(let preparation):
            try await record(.confirmationNotApplied)
            throw Failure(
                .hashNotAllowed,
                "The service asks to register \(preparation.spelledHash) for the replica, which should need no more. "
                    + "Nothing was made.", hint: "Look at the app's contract, then run 'countersign resume' again.")
        case .applied, .nothingToChange:
            throw Failure(.schemaMismatch, "The service's answer to a replica names no machine.")
        }
    }
}

extension Failure {
    /// Nobody can tell whether the machine was made.
    fileprivate static func unknownReplica(_ id: OperationID) -> Failure {
        Failure(
            .unavailable,
            "The replica was asked for, the answer was lost or refers to a token that is no longer valid, and no new "
                + "machine shows. It was not asked for again.",
            hint:
                "Look at 'countersign cvm list'; then run 'countersign resume \(id)', which takes over a machine that has "
                + "come up, or with --send-again if you are sure that none will.")
    }

    /// The service now names another device than the one that was registered.
    fileprivate static func otherDevice(_ device: Bytes32?) -> Failure {
        Failure(
            .superseded,
            "The service now names another device, \(device?.hex ?? "none"), than when the replica was prepared. No "
                + "machine was made.",
            hint: "Run the command again if you still want the replica; the hash needs no second grant.")
    }

    /// A replica needs a device that nobody has accepted.
    static func deviceNotAccepted(_ device: Bytes32, app: Address, accepted: Bytes32?, _ id: OperationID) -> Failure {
        Failure(
            .deviceNotAccepted,
            "The replica is to run on the device \(device), which \(app.checksummed) does not allow yet. To allow it is a "
                + "grant of its own"
                + (accepted.map { "; the device that you accepted is \($0). " } ?? ", and nobody has accepted it. ")
                + "Nothing was signed.",
            hint:
                "If you know the device, repeat the command with --accept-device \(device); operation \(id) then goes on."
        )
    }
}
