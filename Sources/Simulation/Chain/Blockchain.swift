// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// The chain as it is: transactions, the canonical branch, the pool, and what the contracts say.
final class Blockchain {
    static let id: UInt64 = 31_337
    static let gwei: UInt64 = 1_000_000_000

    /// To whom a contract is given away.
    static let stranger = Address(bytes: [UInt8](repeating: 9, count: 20)) ?? .zero

    /// An app's contract.
    struct App {
        let address: Address
        let owner: Int
        /// Hashes that are allowed from the beginning, or whose registration was never part of the simulation.
        var allowed: [Bytes32]
        /// How many of them are from the beginning.
        var first = 1
    }

    /// A transaction that waits.
    struct Pooled {
        let transaction: Int
        /// The endpoints that know it, a bit each.
        var endpoints: UInt64
    }

    var apps: [App] = []
    var transactions: [SimulatedTransaction] = []
    var byHash: [TransactionHash: Int] = [:]
    var pool: [Pooled] = []
    var canonical = Branch(head: 100, forks: [], placements: [])

    /// The highest head that there ever was.
    var highest: UInt64 = 100
    var forkCount: UInt64 = 0

    /// The greatest number of transactions that each signer ever had on any branch.
    var reached = [UInt64](repeating: 0, count: 8)
    var baseFee = gwei
    var forkedAt: Int64 = -1_000_000_000

    /// Branches that endpoints still show after a reorganisation, and until when.
    var stale: [(branch: Branch, until: Int64)?] = []

    /// Depth at which a fact counts in this run.
    let confirmations: UInt64

    /// When the accounts have nothing, for a while.
    var isBroke = false

    init(confirmations: UInt64, endpoints: Int) {
        self.confirmations = confirmations
        stale = Array(repeating: nil, count: endpoints)
    }

    // MARK: What a branch says

    /// How many transactions of a signer there are up to a block.
    func count(of signer: Int, at block: UInt64, in branch: Branch) -> UInt64 {
        var count: UInt64 = 0
        for placement in branch.placements
        where placement.block <= block && transactions[placement.transaction].signer == signer {
            count += 1
        }
        return count
    }

    /// What the newest write of an app's contract up to a block says, of those that say anything.
    private func newest(
        _ app: Int, at block: UInt64, in branch: Branch, _ says: (SimulatedTransaction.Write) -> Bool?
    ) -> Bool? {
        var newest: Bool?
        for placement in branch.placements where placement.block <= block && placement.isSuccess {
            if case .write(app, let write) = transactions[placement.transaction].call, let said = says(write) {
                newest = said
            }
        }
        return newest
    }

    /// Whether an app's contract allows a hash at a block.
    func allows(_ hash: Bytes32, app: Int, at block: UInt64, in branch: Branch) -> Bool {
        let said = newest(app, at: block, in: branch) { write in
            if case .hash(hash, let isAllowed) = write { isAllowed } else { nil }
        }
        return said ?? apps[app].allowed.contains(hash)
    }

    /// Whether an app's contract lists a device at a block.
    func lists(_ device: Bytes32, app: Int, at block: UInt64, in branch: Branch) -> Bool {
        newest(app, at: block, in: branch) { write in
            if case .device(device, let isListed) = write { isListed } else { nil }
        } ?? false
    }

    /// Whether an app's contract allows every device at a block.
    func allowsAnyDevice(app: Int, at block: UInt64, in branch: Branch) -> Bool {
        newest(app, at: block, in: branch) { write in
            if case .anyDevice(let allows) = write { allows } else { nil }
        } ?? false
    }

    /// Who owns an app's contract at a block; `nil` when it was handed over to a stranger.
    func owner(of app: Int, at block: UInt64, in branch: Branch) -> Int? {
        let isGivenAway = newest(app, at: block, in: branch) { $0 == .handOver ? true : nil }
        return isGivenAway == true ? nil : apps[app].owner
    }

    func placement(of transaction: Int, in branch: Branch) -> Placement? {
        branch.placements.first { $0.transaction == transaction }
    }

    func app(at address: Address) -> Int? {
        apps.firstIndex { $0.address == address }
    }

    /// The block at which facts count now.
    var depthBlock: UInt64 { canonical.head - min(canonical.head, confirmations - 1) }

    /// The canonical transaction that spent a nonce, if it is as deep as asked.
    func deepSpender(of nonce: UInt64, by signer: Int) -> Int? {
        canonical.placements.first {
            $0.block <= depthBlock && transactions[$0.transaction].signer == signer
                && transactions[$0.transaction].nonce == nonce
        }?.transaction
    }

    // MARK: Learning of transactions

    /// The index of signed bytes, which are read if they are new.
    func learn(_ raw: [UInt8], operation: Int?) -> Int? {
        let signed: SignedTransaction
        do { signed = try SignedTransaction(decoding: raw) } catch { return nil }
        return learn(signed, operation: operation)
    }

    func learn(_ signed: SignedTransaction, operation: Int?) -> Int? {
        if let known = byHash[signed.hash] {
            // The same bytes may be signed anew, for an operation that follows one that never sent them.
            if operation != nil { transactions[known].operation = operation }
            return known
        }
        let transaction = signed.transaction
        guard let signer = SimulatedSigner.index(of: signed), let maxFee = UInt64(exactly: transaction.maxFeePerGas),
            let tip = UInt64(exactly: transaction.maxPriorityFeePerGas)
        else { return nil }
        transactions.append(
            SimulatedTransaction(
                hash: signed.hash, signer: signer, sender: SimulatedSigner.address(of: signer),
                nonce: transaction.nonce, to: transaction.to, call: call(of: transaction), maxFee: maxFee, tip: tip,
                operation: operation))
        byHash[signed.hash] = transactions.count - 1
        return transactions.count - 1
    }

    private func call(of transaction: Transaction) -> SimulatedTransaction.Call {
        guard let to = transaction.to, let app = app(at: to), transaction.data.count == 36,
            let word = Bytes32(bytes: Array(transaction.data[4...]))
        else { return .nothing }
        for (selector, write) in Self.writes where transaction.data.starts(with: selector) {
            return .write(app: app, write(word))
        }
        return .nothing
    }

    private static let writes: [([UInt8], @Sendable (Bytes32) -> SimulatedTransaction.Write)] = [
        (DstackAppCall.addComposeHash(.zero).selector, { .hash($0, true) }),
        (DstackAppCall.removeComposeHash(.zero).selector, { .hash($0, false) }),
        (DstackAppCall.addDevice(.zero).selector, { .device($0, true) }),
        (DstackAppCall.removeDevice(.zero).selector, { .device($0, false) }),
        (DstackAppCall.setAllowAnyDevice(true).selector, { .anyDevice($0 != .zero) }),
        (DstackAppCall.transferOwnership(.zero).selector, { _ in .handOver }),
    ]

    /// What a call of the engine's does here; `nil` for one that nobody makes in the simulation.
    func call(_ call: ContractCall) -> SimulatedTransaction.Call? {
        guard case .app(let address, let write) = call, let app = app(at: address) else { return nil }
        switch write {
        case .addComposeHash(let hash): return .write(app: app, .hash(hash, true))
        case .removeComposeHash(let hash): return .write(app: app, .hash(hash, false))
        case .addDevice(let device): return .write(app: app, .device(device, true))
        case .removeDevice(let device): return .write(app: app, .device(device, false))
        case .setAllowAnyDevice(let allows): return .write(app: app, .anyDevice(allows))
        case .transferOwnership, .acceptOwnership: return nil
        }
    }
}
