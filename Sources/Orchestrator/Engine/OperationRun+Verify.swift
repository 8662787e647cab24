// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud
import StrictJSON

/// Phases `prepared` and `verified` up to the signature: the hash, the contract, the account.
extension OperationRun {
    /// Recomputes the hash, then examines the contract.
    ///
    /// The hash comes first: nothing else is believed about a hash that is not ours.
    mutating func verify() async throws(Failure) {
        do throws(Failure) {
            try await acceptDevice()
            var verification = Verification.notRequired
            if let preparation = operation.preparation, let target = operation.target {
                verification = try await self.verification(of: preparation, target)
                try refuseOtherApp(preparation, target)
            }
            if !operation.registers { return try await record(.registrationNotRequired) }
            _ = try connectedChain()
            let (head, found) = try await examine()
            verification = grounds(of: verification, found)
            guard try await judgeOrWait(found, head: head, verification: verification) else { return }
            let owner = found.owner ?? .zero
            if operation.intent.mode == .prepareOnly {
                try await noteEffects(atBlock: head.number)
                let kind = await kind(of: owner, atBlock: try limits().depthBlock(head: head.number))
                return try await record(.approvalAwaited(verification, owner: owner, kind: kind, atBlock: head.number))
            }
            if found.isInEffect {
                return try await record(.foundRegistered(verification, owner: owner, atBlock: head.number))
            }
            try await record(.verified(verification, owner: owner, atBlock: head.number))
        } catch {
            try await refuseOrStop(error)
        }
    }

    /// Recomputes the hash; a refusal says what the service itself shows of the pending update.
    private func verification(
        of preparation: Preparation, _ target: Target
    ) async throws(Failure) -> Verification {
        do {
            return try HashVerification.verify(
                preparation, expectation: operation.expectation, base: target.baseHash,
                accepted: operation.intent.acceptedHash)
        } catch {
            guard let vmUUID = target.vmUUID else { throw error }
            let app = String(preparation.app.hex.dropFirst(2))
            let pending: JSONObject
            do {
                pending = try await engine.cloud.pendingFields(
                    app: app, vmUUID: vmUUID, spelledHash: preparation.spelledHash)
            } catch let unavailable {
                throw error.adding("The service shows no preview of the pending update (\(unavailable.code)).")
            }
            var ours = operation.expectation?.shown ?? JSONObject()
            for key in ours.keys where pending[key] == nil { ours[key] = nil }
            let lines = ComposeDiff(from: ours, to: pending).lines
            throw error.adding(
                lines.isEmpty
                    ? "The service's preview of the pending update shows compose file and script as they are here."
                    : (["The service's preview of the pending update shows other values than are here:"]
                        + lines.map { "  " + $0 }).joined(separator: "\n"))
        }
    }

    /// A refusal ends an operation of which nothing is signed that could still be mined; what may pass by itself leaves
    /// it as it is.
    mutating func refuseOrStop(_ failure: Failure) async throws(Failure) {
        let isOfThisCall: Set<ErrorCode> = [
            .store, .internalError, .config, .signerMismatch, .keyFile, .deviceNotAccepted,
        ]
        if failure.code.isRetryable || isOfThisCall.contains(failure.code) {
            throw failure
        }
        // A registration that is back here has its nonce spent by somebody else, at depth.
        guard !operation.calls.dropFirst(operation.current).contains(where: \.holdsLiveBytes) else { throw failure }
        try await end(failure)
    }

    /// What the service names must be the CVM's own app, on the CVM's own chain.
    private func refuseOtherApp(_ preparation: Preparation, _ target: Target) throws(Failure) {
        guard preparation.app == target.app else {
            throw Failure(
                .appMismatch,
                "The service asks to register the hash in the contract \(preparation.app.checksummed), but the CVM's app "
                    + "is \(target.app?.checksummed ?? "unknown"). Nothing was signed.",
                hint: "Do not go on; ask the service's operator.")
        }
        if let named = preparation.chainID, named != target.chainID {
            throw Failure(
                .wrongChain,
                "The service asks for a registration on chain \(named), but the CVM's KMS is on "
                    + (target.chainID.map { "chain \($0)" } ?? "no chain") + ". Nothing was signed.",
                hint: "Do not go on; ask the service's operator.")
        }
    }

    /// Asks the chain all that is to be known before signing, in two requests.
    mutating func examine() async throws(Failure) -> (ChainHead, Findings) {
        guard let call = operation.call else {
            throw Failure(.internalError, "The operation has no call to examine.")
        }
        let limits = try limits()
        while true {
            let head = try await askChain { chain throws(ChainFault) in try await chain.head() }
            pace.note(head: head.number, at: engine.clock.uptime())
            let found = try await examine(call, at: limits.depthBlock(head: head.number))
            // Who answers may be behind, and on a branch that is gone: what is deep by another's head is not so there.
            if found.head.number >= head.number {
                findings = (head, found, engine.clock.uptime())
                return (head, found)
            }
            try await pause(pace.pause, for: "an endpoint that is behind")
        }
    }

    /// What speaks for and against a call, by the contract's state at a block.
    mutating func examine(_ call: ContractCall, at block: UInt64) async throws(Failure) -> Findings {
        let query = Examination(
            call: call, effect: operation.effect(of: call), kms: operation.kms,
            signer: operation.intent.mode == .prepareOnly ? nil : engine.signer?.address,
            baseHash: operation.target?.baseHash?.bytes32, depthBlock: block)
        return try await askChain { chain throws(ChainFault) in try await chain.examine(query) }
    }

    /// Stores that the operator has accepted a device, if that is news.
    private mutating func acceptDevice() async throws(Failure) {
        guard operation.kind == .replica, let device = options.acceptedDevice, device != operation.acceptedDevice,
            operation.phase == .prepared
        else { return }
        try await record(.deviceAccepted(device))
    }

    /// Notes the calls that whoever approves need not make.
    private mutating func noteEffects(atBlock head: UInt64) async throws(Failure) {
        guard operation.calls.count > 1 else { return }
        let block = try limits().depthBlock(head: head)
        for (place, planned) in operation.calls.enumerated() where !planned.alreadyRegistered {
            let question = Lookout.Question(fact: operation.effect(of: planned.call), block: block)
            if try await look(question: question).isInEffect == true { try await record(.foundInEffect(place)) }
        }
    }
}
