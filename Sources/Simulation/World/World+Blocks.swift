// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator
import PhalaCloud

/// What happens on the chain without the engine.
extension World {
    /// A block is due; before it, part of the chain may be replaced.
    func mineBlock() {
        if !isCalm, plan.isBroke.contains(now) != chain.isBroke {
            chain.isBroke.toggle()
            note(0x44, "  the accounts are \(chain.isBroke ? "empty" : "full again")")
        }
        events.add(.block, at: now + plan.blockTime)
        moveFees()
        if draw.chance(trouble.eviction), let index = chain.evict(&draw) {
            tally[.eviction] += 1
            note(UInt64(index) << 8 | 0x40, "  \(chain.transactions[index].hash) vanishes from the pool")
        }
        if draw.chance(trouble.reorganisation) { reorganise() }
        chain.gossip(&draw)
        mine(room: trouble.blockRoom)
    }

    private func mine(room: Int) {
        let mined = chain.mine(room: room, passedOver: trouble.passedOver, &draw)
        for index in mined {
            let transaction = chain.transactions[index]
            note(
                UInt64(index) << 8 | 0x41,
                "  block \(chain.canonical.head): nonce \(transaction.nonce) of signer \(transaction.signer), "
                    + "\(transaction.hash)")
            oracle.mined(index, in: self)
        }
    }

    private func reorganise() {
        let wanted = UInt64(draw.between(1, 8))
        let before = chain.canonical.head
        let depth = chain.reorganise(
            depth: wanted, lost: 250, keepsOldView: trouble.lag, now: now, &draw)
        guard depth > 0 else { return }
        tally[.reorganisation] += 1
        tally.noteDepth(Int(depth))
        oracle.chainChangedAt = now
        note(depth << 8 | 0x42, "  reorganisation of \(depth) blocks from \(before)")
        // The other branch is about as long, sometimes a little shorter for a moment.
        let length = Int(depth) + draw.between(-1, 1)
        for _ in 0..<max(1, length) { mine(room: draw.below(4)) }
    }

    private func moveFees() {
        if trouble.feeRise > 0, draw.chance(trouble.feeRise) {
            chain.baseFee = min(chain.baseFee * 9 / 8, 200 * Blockchain.gwei)
        } else {
            chain.baseFee = max(chain.baseFee * 7 / 8, Blockchain.gwei)
        }
    }

    /// Somebody else uses a signer's key.
    func useKeyFromElsewhere() {
        let signer = draw.below(plan.signers)
        let count = chain.count(of: signer, at: chain.canonical.head, in: chain.canonical)
        let pending = chain.pendingCount(of: signer, endpoint: 0, view: chain.canonical)
        // Sometimes it knows nothing of what we have sent.
        let nonce = draw.chance(500) ? count : pending
        // The last app is for the end.
        let isHostile = trouble.hostileOutsider && chain.apps.count > 1
        let app = isHostile ? draw.below(chain.apps.count - 1) : 0
        let call: DstackAppCall?
        switch isHostile ? draw.below(6) : 5 {
        case 0: call = .transferOwnership(Blockchain.stranger)
        case 1, 2: call = someHash(of: app).map(DstackAppCall.removeComposeHash)
        case 3: call = someHash(of: app).map(DstackAppCall.addComposeHash)
        case 4: call = draw.chance(500) ? .removeDevice(HashBook.device(0)) : .addDevice(HashBook.device(0))
        case _: call = nil
        }
        tally[.outsider] += 1
        sendFromElsewhere(signer: signer, nonce: nonce, app: app, call)
    }

    /// A hash that an operation has registered or is about to.
    private func someHash(of app: Int) -> Bytes32? {
        let hashes = store.values.compactMap { $0.preparation }.filter { $0.app == chain.apps[app].address }
        return hashes.isEmpty ? nil : draw.pick(hashes).composeHash.bytes32
    }

    /// Whether the app's contract still has the owner whose key there is.
    func canApprove(_ operation: Orchestrator.Operation) -> Bool {
        operation.preparation.flatMap { chain.app(at: $0.app) }.map {
            chain.owner(of: $0, at: chain.canonical.head, in: chain.canonical) != nil
        } ?? false
    }

    /// The owner registers the hash that an operation waits for.
    func approve(_ operation: Orchestrator.Operation) {
        for planned in operation.calls {
            guard case .app(let address, let write) = planned.call, let app = chain.app(at: address) else { continue }
            let signer = chain.apps[app].owner
            let nonce = chain.pendingCount(of: signer, endpoint: 0, view: chain.canonical)
            sendFromElsewhere(signer: signer, nonce: nonce, app: app, write.function)
        }
    }

    private func sendFromElsewhere(signer: Int, nonce: UInt64, app: Int, _ call: DstackAppCall?) {
        let maxFee = chain.baseFee * 2 + UInt64(draw.below(40)) * Blockchain.gwei
        let transaction = Transaction.eip1559(
            EIP1559Transaction(
                chainID: UInt256(Blockchain.id), nonce: nonce, maxPriorityFeePerGas: UInt256(2 * Blockchain.gwei),
                maxFeePerGas: UInt256(maxFee), gasLimit: 100_000,
                to: call == nil ? SimulatedSigner.address(of: signer) : chain.apps[app].address,
                value: UInt256(UInt64(chain.transactions.count)), data: call?.calldata ?? []))
        let signed: SignedTransaction
        do { signed = try SimulatedSigner.signed(transaction, by: signer) } catch { return }
        guard let index = chain.learn(signed, operation: nil) else { return }
        let verdict = chain.receive(index, endpoint: 0, view: chain.canonical, &draw)
        note(
            UInt64(index) << 8 | 0x43,
            "  somebody with the key of signer \(signer) sends nonce \(nonce): \(verdict), \(signed.hash)")
    }
}
