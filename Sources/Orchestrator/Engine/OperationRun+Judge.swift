// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx

/// What keeps a call from being signed, judged by what the chain says.
extension OperationRun {
    /// Judges what the chain says where facts count; what speaks against the call only there, and at the head no more,
    /// passes with the next blocks.
    ///
    /// - Returns: whether nothing speaks against it; if not, it has rested, and the chain is to be examined anew.
    mutating func judgeOrWait(
        _ found: Findings, head: ChainHead, verification: Verification
    ) async throws(Failure) -> Bool {
        do throws(Failure) {
            try judge(found, verification: verification)
            return true
        } catch {
            guard try await isOfTheMoment(error, head: head, verification: verification) else {
                throw await explained(error, found, head: head)
            }
            findings = nil
            try await pause(pace.pause, for: "what somebody has done on chain to be deep enough")
            return false
        }
    }

    private mutating func isOfTheMoment(
        _ failure: Failure, head: ChainHead, verification: Verification
    ) async throws(Failure) -> Bool {
        guard try limits().confirmations > 1, let call = operation.call else { return false }
        if failure.code == .simulationReverted {
            // Simulated at the head, where somebody else has done the same.
            let question = Lookout.Question(fact: operation.effect(of: call), block: nil)
            return try await look(question: question).isInEffect == true
        }
        let contractual: Set<ErrorCode> = [.noContract, .appNotRegistered, .baseNotAllowed, .ownerMismatch]
        guard contractual.contains(failure.code) else { return false }
        let found = try await examine(call, at: head.number)
        do throws(Failure) { try judge(found, verification: grounds(of: verification, found)) } catch { return false }
        return true
    }

    /// Refuses a contract that is not what the demand says, or a signer that may not make the call.
    func judge(_ found: Findings, verification: Verification) throws(Failure) {
        guard let call = operation.call else {
            throw Failure(.internalError, "The operation has no call to judge.")
        }
        if call.nonce == nil { try judgeContract(call.contract.checksummed, found, verification) }
        if found.isInEffect { return }
        if operation.intent.mode == .prepareOnly { return try judgeSimulation(found) }
        guard operation.intent.allowsOnChain else {
            throw Failure(
                .onChainRefused,
                "The hash \(operation.preparation?.composeHash.hex ?? "") must be registered on chain, and --no-onchain "
                    + "forbids that. Nothing was signed.", hint: "Leave --no-onchain away.")
        }
        try judgeSigner(call, found)
        try judgeDevice(call)
        try judgeSimulation(found)
    }

    /// What speaks for the hash now: recomputed from a base that is not to be trusted, it rests on the operator's word,
    /// if there is one.
    ///
    /// The base may lose its allowance between two looks at the chain.
    func grounds(of verification: Verification, _ found: Findings) -> Verification {
        guard verification == .recomputed, !found.isBaseAllowed, let accepted = operation.intent.acceptedHash,
            accepted == operation.preparation?.composeHash
        else { return verification }
        return .accepted
    }

    /// A device is a grant like a hash: it is allowed only if the operator has named it.
    private func judgeDevice(_ call: ContractCall) throws(Failure) {
        guard operation.kind == .replica, case .app(let app, .addDevice(let device)) = call,
            operation.acceptedDevice != device
        else { return }
        throw .deviceNotAccepted(device, app: app, accepted: operation.acceptedDevice, operation.id)
    }

    private func judgeContract(_ contract: String, _ found: Findings, _ verification: Verification) throws(Failure) {
        guard found.hasCode else {
            throw Failure(
                .noContract, "There is no code at \(contract). Nothing was signed.",
                hint: "Check that --rpc-url is of the app's chain.")
        }
        guard found.isRegistered != false else {
            throw Failure(
                .appNotRegistered, "The KMS contract does not know \(contract). Nothing was signed.",
                hint: "Check the CVM's KMS with 'countersign cvm get'.")
        }
        // Only what was computed from the CVM's present object rests on that object.
        guard found.isBaseAllowed || verification != .recomputed else {
            throw Failure(
                .baseNotAllowed,
                "The hash that the CVM runs, \(operation.target?.baseHash?.hex ?? "unknown"), is not allowed by "
                    + "\(contract), so the object that the change was applied to is not to be trusted. Nothing was signed.",
                hint: "If you know that the new hash is right, run again with --accept-hash.")
        }
    }

    private func judgeSigner(_ call: ContractCall, _ found: Findings) throws(Failure) {
        guard let signer = engine.signer?.address else { throw .noKey }
        if let meant = operation.intent.signer, meant != signer {
            throw Failure(
                .signerMismatch,
                "The operation began with the key of \(meant.checksummed), this is the key of \(signer.checksummed).",
                hint: "Give the first key, or cancel the operation and update again.")
        }
        guard let authority = call.authority, found.owner != signer else { return }
        let contract = call.contract.checksummed
        let holder = found.owner.flatMap { $0 == .zero ? nil : $0.checksummed } ?? "nobody"
        switch authority {
        case .owner:
            throw Failure(
                .ownerMismatch,
                "\(contract) belongs to \(holder), the key is of \(signer.checksummed). Nothing was signed.",
                hint: operation.kind.knowsPrepareOnly
                    ? "Give the owner's key, or use --prepare-only and let the owner register the hash."
                    : "Give the owner's key; an owner that is a contract is shown the call by 'countersign tx calldata'."
            )
        case .pendingOwner:
            throw Failure(
                .ownerMismatch,
                "\(contract) is offered to \(holder), the key is of \(signer.checksummed). Nothing was signed.",
                hint: "Give the key of the account that the contract is offered to.")
        }
    }

    private func judgeSimulation(_ found: Findings) throws(Failure) {
        guard let reason = found.simulationRevert else { return }
        throw Failure(
            .simulationReverted,
            "The contract would refuse the call: \(reason). Nothing was signed.",
            hint: "Correct what the contract complains about, then run the command again.")
    }
}

extension Failure {
    /// Something must be signed, and nobody is there to sign.
    static let noKey = Failure(
        .config, "A transaction must be signed, and there is no key to sign with.",
        hint: "Give the owner's key with --key-file.")
}
