// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phase `verified`: fees, nonce and signature, all stored in one commit.
extension OperationRun {
    /// Clamps the fees, takes a nonce and signs; nothing is sent.
    mutating func sign() async throws(Failure) {
        do throws(Failure) {
            try await awaitRoom()
            let (head, found) = try await freshFindings()
            guard let call = operation.call, let verified = operation.verification else {
                throw Failure(.internalError, "The operation came to be signed without having been verified.")
            }
            let verification = grounds(of: verified, found)
            guard try await judgeOrWait(found, head: head, verification: verification) else { return }
            if found.isInEffect {
                return try await record(
                    .foundRegistered(verification, owner: found.owner ?? .zero, atBlock: head.number))
            }
            try await refuseHashInUse()
            guard let signer = engine.signer, let account = found.account else {
                throw Failure.noKey
            }
            let quote = try FeePolicy(limits: try limits()).quote(
                baseFeePerGas: head.baseFeePerGas, suggestedTip: found.suggestedTip,
                gasLimit: FeePolicy.gasLimit(estimate: found.gasEstimate, cap: call.gasCap), l1Fee: found.l1Fee,
                spent: operation.costElsewhere(than: nil))
            try refuseMissingFunds(account, quote: quote, signer: signer.address)
            try await signAndTakeNonce(signer, account: account, quote: quote, head: head)
        } catch {
            try await refuseOrStop(error)
        }
    }

    /// The findings of this run if they are fresh, else new ones: a signature never rests on old facts.
    private mutating func freshFindings() async throws(Failure) -> (ChainHead, Findings) {
        if let findings, isFresh {
            return (findings.head, findings.findings)
        }
        return try await examine()
    }

    func refuseMissingFunds(
        _ account: AccountState, quote: FeeQuote, signer: Address
    ) throws(Failure) {
        guard account.balance >= quote.cost else {
            throw Failure(
                .insufficientFunds,
                "\(signer.checksummed) has \(Wei.ether(account.balance)) ETH, the transaction may cost "
                    + "\(Wei.ether(quote.cost)) ETH. Nothing was signed.",
                hint: "Send ETH to the signer, then run the update again.")
        }
    }

    /// Signs at the smallest free nonce and stores bytes and nonce at once; another nonce if it was taken meanwhile.
    private mutating func signAndTakeNonce(
        _ signer: any Signer, account: AccountState, quote: FeeQuote, head: ChainHead
    ) async throws(Failure) {
        guard let call = operation.call, let chainID = operation.chainID else { return }
        let lane = Lane(chainID: chainID, signer: signer.address)
        for _ in 0..<64 {
            let signed = try await nonces(of: lane, from: account.countAtDepth)
            switch NonceLane.choose(account: account, signed: signed, window: engine.window) {
            case .foreignPending(let count):
                findings = nil
                return try await pause(
                    pace.pause, for: "\(count) transaction\(count == 1 ? "" : "s") of the same key sent from elsewhere")
            case .implausible(let count):
                throw Failure(
                    .conflict,
                    "The endpoint says that \(count) transactions of \(signer.address.checksummed) are on their way that "
                        + "this store does not know. Nothing was signed.",
                    hint: "Check the endpoint and what else uses the key; then run 'countersign resume'.")
            case .contradictory:
                findings = nil
                return try await pause(
                    pace.pause, for: "the endpoint to give counts of the signer's transactions that can be")
            case .full:
                // Others were quicker.
                return
            case .take(let nonce) where call.nonce ?? nonce != nonce:
                // The nonce that was to be used up is used up.
                return try await record(
                    .foundRegistered(.notRequired, owner: signer.address, atBlock: head.number))
            case .take(let nonce):
                let attempt = try await signedAttempt(
                    signer, nonce: nonce, quote: quote, purpose: .register, to: call.contract, data: call.calldata)
                switch await attemptRecord(
                    .signed(attempt, atBlock: head.number), ledger: [.take(nonce, lane, from: account.countAtDepth)])
                {
                case .success: return
                case .failure(.nonceTaken): continue
                case .failure(let error): throw error.failure
                }
            }
        }
        throw StoreError.nonceTaken(account.countAtDepth).failure
    }

    /// Signs an EIP-1559 transaction.
    func signedAttempt(
        _ signer: any Signer, nonce: UInt64, quote: FeeQuote, purpose: Attempt.Purpose, to: Address, data: [UInt8]
    ) async throws(Failure) -> Attempt {
        guard let chainID = operation.chainID else {
            throw Failure(.internalError, "The operation has no chain to sign for.")
        }
        let transaction = Transaction.eip1559(
            EIP1559Transaction(
                chainID: UInt256(chainID), nonce: nonce, maxPriorityFeePerGas: quote.maxPriorityFeePerGas,
                maxFeePerGas: quote.maxFeePerGas, gasLimit: quote.gasLimit, to: to, value: 0, data: data))
        let signed: SignedTransaction
        do {
            signed = try await signer.sign(transaction)
        } catch {
            throw Failure(
                .keyFile, "The signer did not sign: \(error). Nothing was stored or sent.",
                hint: "Check the key, then run 'countersign resume \(operation.id)'.")
        }
        return Attempt(
            hash: signed.hash, raw: signed.raw, purpose: purpose, nonce: nonce, gasLimit: quote.gasLimit,
            maxFeePerGas: quote.maxFeePerGas, maxPriorityFeePerGas: quote.maxPriorityFeePerGas, l1Fee: quote.l1Fee,
            signedAt: engine.clock.now())
    }
}
