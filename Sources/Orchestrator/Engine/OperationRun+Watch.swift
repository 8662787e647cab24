// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import PhalaCloud

/// Phases `broadcast` and `mined`: receipts, replacements, depth.
extension OperationRun {
    /// Waits for a receipt; meanwhile sends again what vanished and replaces what is stuck.
    mutating func awaitReceipt() async throws(Failure) {
        var stuck = StuckWatch()
        while operation.phase == .broadcast {
            let seen = try await look()
            if try await settle(seen) { return }
            guard let latest = operation.registration?.latest else { return }
            if seen.shows(receiptOf: operation.registration?.current ?? []) {
                // The nonce is used up; what waits for its depth can be neither sent again nor replaced.
                try await pause(pace.pause, for: "the block to be deep enough")
                continue
            }
            switch stuck.judge(seen, latest: latest, now: engine.clock.now()) {
            case .wait: break
            case .sendAgain:
                try await tendLane()
                try await dispatch(latest.hash)
            case .replace:
                try await tendLane()
                // What waits for a lower nonce gains nothing by a higher fee.
                if seen.countAtHead ?? latest.nonce >= latest.nonce {
                    try await replace(latest, head: seen.head)
                } else {
                    try await closeGap(seen)
                    try await dispatch(latest.hash)
                }
            }
            try await pause(pace.pause, for: waitingReason)
        }
    }

    private var waitingReason: String {
        guard let refusal = refusals.last else { return "a block with the transaction" }
        return "a block with the transaction (an endpoint said: \(refusal))"
    }

    /// Moves the operation by what was seen, if that decides anything.
    ///
    /// - Returns: whether it moved.
    mutating func settle(_ seen: Sighting) async throws(Failure) -> Bool {
        guard let registration = operation.registration else { return false }
        for attempt in registration.attempts.reversed() {
            guard let receipt = seen.receipts[attempt.hash] else { continue }
            if try await settle(attempt, receipt: receipt, head: seen.head) { return true }
        }
        if let count = seen.countAtHead, count > registration.nonce, !seen.shows(receiptOf: registration.attempts) {
            return try await findSpender(head: seen.head)
        }
        return false
    }

    /// What a receipt of one of our attempts means.
    private mutating func settle(
        _ attempt: Attempt, receipt: Receipt, head: ChainHead
    ) async throws(Failure) -> Bool {
        switch attempt.purpose {
        case .burn:
            guard try limits().isDeep(receipt.blockNumber, head: head.number) else { return false }
            try await record(.burned(attempt.hash), ledger: spent(attempt.nonce))
            return true
        case .register:
            guard receipt.isSuccess else { return try await settleRevert(attempt, receipt: receipt, head: head) }
            guard let call = operation.call else { return false }
            guard call.isProven(by: receipt) else {
                throw Failure(
                    .transactionVerificationFailed,
                    "The receipt of \(attempt.hash) has status 1 but not the log from \(call.contract.checksummed) that "
                        + "\(call.summary) writes. Nothing more was sent.",
                    hint: "Ask another endpoint with --rpc-url, then run 'countersign resume \(operation.id)'.")
            }
            try await record(.mined(Inclusion(receipt)))
            return true
        }
    }

    /// A revert counts only when it is deep; then it is final.
    private mutating func settleRevert(
        _ attempt: Attempt, receipt: Receipt, head: ChainHead
    ) async throws(Failure) -> Bool {
        guard try limits().isDeep(receipt.blockNumber, head: head.number) else { return false }
        let canonical = try await look(blocks: [receipt.blockNumber])
        guard canonical.blockHashes[receipt.blockNumber] == receipt.blockHash,
            canonical.receipts[attempt.hash]?.isSuccess == false, let call = operation.call
        else { return false }
        if try await settleOvertaken(attempt, call, head: head) { return true }
        let before = receipt.blockNumber > 0 ? receipt.blockNumber - 1 : 0
        let reason = try await askChain { chain throws(ChainFault) in
            try await chain.revertReason(
                from: receipt.from, to: call.contract, data: call.calldata, atBlock: before)
        }
        let failure = Failure(
            .reverted,
            "The transaction \(attempt.hash) was mined in block \(receipt.blockNumber) and reverted"
                + (reason.map { ": \($0)" } ?? ", for a reason that a later call does not show") + ".",
            hint: "It changed nothing. Correct the reason, then run the command again.")
        try await record(.reverted(attempt.hash, failure), ledger: spent(attempt.nonce))
        return true
    }

    /// A call that reverted although it is in effect was made by somebody else first: of a Safe's transaction that
    /// anybody may send, or of a hash that the owner registered by other means.
    private mutating func settleOvertaken(
        _ attempt: Attempt, _ call: ContractCall, head: ChainHead
    ) async throws(Failure) -> Bool {
        let depth = try limits().depthBlock(head: head.number)
        guard try await look(question: Lookout.Question(fact: call.effect, block: depth)).isInEffect == true else {
            return false
        }
        let signedAt = operation.registration?.signedAtBlock ?? depth
        let first = min(try limits().depthBlock(head: signedAt), depth)
        let receipt = try await askChain { chain throws(ChainFault) in
            try await chain.transaction(of: call, from: first, through: depth)
        }
        // A log of our own would make the revert a lie.
        guard let receipt, operation.attempts.allSatisfy({ $0.hash != receipt.transactionHash }) else { return false }
        try await record(.overtaken(attempt.hash, by: receipt.transactionHash), ledger: spent(attempt.nonce))
        return true
    }

    /// The account's count has passed our nonce without a receipt of ours.
    ///
    /// Only a transaction that is not ours, in a block at depth, proves that somebody else spent it.
    private mutating func findSpender(head: ChainHead) async throws(Failure) -> Bool {
        guard let registration = operation.registration else { return false }
        let limits = try limits()
        let last = limits.depthBlock(head: head.number)
        // The nonce was free up to the depth of that head; above it the chain may have been another one since.
        let signedAt = limits.depthBlock(head: registration.signedAtBlock)
        var found: SpentNonce?
        for first in SpentNonce.searchStarts(signedAt: signedAt, through: last) where found == nil {
            found = try await askChain { chain throws(ChainFault) in
                try await chain.spender(
                    of: registration.nonce, by: registration.signer, from: first, through: last)
            }
        }
        guard let found, registration.attempt(found.hash) == nil else { return false }
        let seen = try await look(blocks: [found.blockNumber])
        guard found.isDeep(in: seen, limits), !seen.shows(receiptOf: registration.attempts) else { return false }
        findings = nil
        try await record(
            .nonceSpent(by: found.hash, inBlock: found.blockNumber), ledger: spent(registration.nonce))
        return true
    }

    /// Signs the same call again at the same nonce with higher fees, stores it, and sends it; at a cap the same bytes
    /// are sent again.
    mutating func replace(_ latest: Attempt, head: ChainHead) async throws(Failure) {
        guard let registration = operation.registration, let signer = engine.signer,
            signer.address == registration.signer
        else {
            try await dispatch(latest.hash)
            return
        }
        let policy = FeePolicy(limits: try limits())
        let elsewhere = operation.costElsewhere(than: latest.nonce)
        guard
            let quote = policy.replacement(
                of: latest, baseFeePerGas: head.baseFeePerGas, spentElsewhere: elsewhere)
        else {
            try await dispatch(latest.hash)
            return
        }
        guard let call = operation.call else { return }
        let isBurn = latest.purpose == .burn
        let attempt = try await signedAttempt(
            signer, nonce: latest.nonce, quote: quote, purpose: latest.purpose,
            to: isBurn ? signer.address : call.contract, data: isBurn ? [] : call.calldata)
        try await record(.replaced(attempt))
        try await dispatch(attempt.hash)
    }

    /// Waits until the inclusion is as deep as the policy asks, on the canonical chain.
    mutating func awaitDepth() async throws(Failure) {
        while operation.phase == .mined, let inclusion = operation.inclusion {
            let seen = try await look(blocks: [inclusion.blockNumber])
            let receipt = seen.receipts[inclusion.hash]
            if let receipt, receipt.blockHash == inclusion.blockHash,
                seen.blockHashes[inclusion.blockNumber] == inclusion.blockHash
            {
                if try limits().isDeep(inclusion.blockNumber, head: seen.head.number) {
                    let nonce = operation.registration?.attempt(inclusion.hash)?.nonce
                    return try await record(.confirmed(inclusion), ledger: nonce.map(spent) ?? [])
                }
            } else if seen.head.number >= inclusion.blockNumber {
                try await record(.reorganised)
                // An endpoint that keeps a stale receipt must not make this go round without a rest.
                return try await pause(pace.pause, for: "the chain to settle after a reorganisation")
            }
            try await pause(pace.pause, for: "the block to be deep enough")
        }
    }

    /// A call is gone from the canonical chain: the same bytes are sent again, after a rest.
    mutating func returnToBroadcast(_ place: Int) async throws(Failure) {
        try await record(.registrationLost(of: place))
        try await pause(pace.pause, for: "the chain to settle after a reorganisation")
    }

    /// The ledger's note that a nonce is spent at depth.
    func spent(_ nonce: UInt64) -> [StoreChange.LedgerChange] {
        guard let registration = operation.registration, let chainID = operation.chainID else { return [] }
        return [.spend(nonce, Lane(chainID: chainID, signer: registration.signer))]
    }
}

extension Sighting {
    /// Whether one of some attempts has been mined, whatever it came to.
    func shows(receiptOf attempts: [Attempt]) -> Bool {
        attempts.contains { receipts[$0.hash] != nil }
    }
}

extension Inclusion {
    init(_ receipt: Receipt) {
        self.init(
            hash: receipt.transactionHash, blockNumber: receipt.blockNumber, blockHash: receipt.blockHash,
            gasUsed: receipt.gasUsed, effectiveGasPrice: receipt.effectiveGasPrice)
    }
}
