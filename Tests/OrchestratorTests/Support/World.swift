// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import HTTPTransport
import PhalaCloud
import StrictJSON
import Synchronization

@testable import Orchestrator

/// A chain with a contract, a cloud with a CVM, a store, a clock: everything outside the engine, in memory, with a
/// switch that cuts the power at any call.
final class World: Sendable {
    static let app = Address(bytes: [UInt8](repeating: 0xa0, count: 20)) ?? .zero
    static let key = [UInt8](repeating: 0x11, count: 32)

    /// Where the power goes: before a call takes effect, or after it did and before anybody hears of it.
    struct PowerCut: Sendable, Hashable {
        enum Side: String, Sendable, CaseIterable {
            case before, after
        }
        let call: Int
        let side: Side
    }

    /// A transaction that is not ours, with one of the signer's nonces.
    struct Spending: Sendable, Hashable {
        let hash: TransactionHash
        let blockNumber: UInt64
    }

    /// Something that happens by itself.
    struct Happening: Sendable {
        let at: Duration
        let happen: @Sendable (inout State) -> Void

        init(_ at: Duration, _ happen: @escaping @Sendable (inout State) -> Void) {
            self.at = at
            self.happen = happen
        }
    }

    struct State: Sendable {
        // Power.
        var calls = 0
        var cut: PowerCut?
        var isOff = false
        var log: [String] = []

        // Time.
        var uptime: Duration = .zero

        /// What happens by itself, in the order of its times.
        var events: [Happening] = []

        // Chain.
        var head: UInt64 = 100
        var baseFee = UInt256(1_000_000_000)
        /// The base fee by block; `nil` leaves it.
        var baseFees: (@Sendable (UInt64) -> UInt256)?
        /// Before this block nothing is mined.
        var minesFrom: UInt64 = 0
        var chainFault: ChainFault?
        var pool: [SignedTransaction] = []
        var mined: [TransactionHash: Receipt] = [:]
        var minedNonces: [Address: UInt64] = [:]
        var allowed: Set<Bytes32> = []
        var owner = Address.zero
        var pendingOwner = Address.zero
        var devices: Set<Bytes32> = []
        var allowsAnyDevice = false
        var balance = UInt256(1_000_000_000_000_000_000)
        var hasCode = true
        var kmsKeys: [Address: [UInt8]] = [:]
        var isRegistered: Bool? = true
        var simulationRevert: RevertReason?
        var minesBlocks = true
        var sendsBeforeMining = 0
        var omitsLogs = false
        var reverts = false
        var refusesSends: SendVerdict?
        var sent: [SignedTransaction] = []
        var spentElsewhere: [UInt64: Spending] = [:]
        /// Whether the endpoint that is asked for a spender is on a branch that is gone.
        var isSpenderStale = false
        var reorganisation: UInt64 = 0
        /// Only blocks from this one on show what the contract says now.
        var saysSoFrom: UInt64 = 0
        /// After so many looks one is answered by an endpoint that is a block behind, and knows nothing yet.
        var looksBeforeStale: Int?
        var examinations = 0
        /// That examination is answered by an endpoint that is a block behind.
        var staleExamination: Int?
        /// The blocks that the contract was asked at; `nil` stands for the head.
        var questionBlocks: [UInt64?] = []

        // Cloud.
        var base = JSONObject.composeObject()
        var cvmHash: ComposeHash?
        var chainID: UInt64? = 31337
        var applied: [ComposeHash] = []
        var pending: ComposeHash?
        var pendingObject: JSONObject?
        var pendingSince: Duration = .zero
        var busyUntil: Duration = .zero
        var status = "running"
        var takesBack = false
        var overrideHash: String?
        var overrideApp: Address?
        var overrideChain: UInt64?
        var demandsAlways = false
        var answers: [CloudError] = []
        var confirmAnswers: [CloudError] = []
        var listFault: CloudError?
        var tokens = 0

        // Replicas.
        var device: Bytes32? = .keccak256([0xd0])
        var replicas: [CvmSnapshot] = []
        var pendingReplica: (token: String, hash: ComposeHash)?
        var replicaAnswers: [CloudError] = []
        var namesMachines = true
        var hidesMachines = 0
    }

    private let state: Mutex<State>

    init() {
        var state = State()
        state.cvmHash = ComposeSerialization.all.first?.hash(of: state.base)
        if let hash = state.cvmHash { state.allowed.insert(hash.bytes32) }
        self.state = Mutex(state)
        let owner = World.signer()?.address ?? .zero
        change { $0.owner = owner }
    }

    static func signer() -> LocalSigner? {
        do { return LocalSigner(try SecretKey(bytes: key)) } catch { return nil }
    }

    static func sender(of signed: SignedTransaction) -> Address? {
        do { return try signed.sender() } catch { return nil }
    }

    func read<Value: Sendable>(_ body: (State) -> Value) -> Value {
        state.withLock { body($0) }
    }

    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        state.withLock { body(&$0) }
    }

    /// Counts a call, and takes effect unless the power is off or goes off before it.
    ///
    /// - Returns: `nil` when the caller must not hear of it.
    func powered<Value: Sendable>(_ name: String, _ body: (inout State) -> Value) -> Value? {
        change { state in
            guard !state.isOff else { return nil }
            let call = state.calls
            state.calls += 1
            state.log.append(name)
            if state.cut == PowerCut(call: call, side: .before) {
                state.isOff = true
                return nil
            }
            let value = body(&state)
            if state.cut == PowerCut(call: call, side: .after) {
                state.isOff = true
                return nil
            }
            return value
        }
    }

    /// Power on again: another process.
    func restart() {
        change {
            $0.isOff = false
            $0.cut = nil
        }
    }

    /// The transactions that registered a hash.
    var registrations: [Receipt] { read { $0.mined.values.filter { $0.isSuccess && $0.to == World.app } } }
}

extension World.State {
    /// Mines what is in the pool, lowest nonce first.
    mutating func mine() {
        head += 1
        if let baseFees { baseFee = baseFees(head) }
        guard sent.count >= sendsBeforeMining, head >= minesFrom else { return }
        var rest: [SignedTransaction] = []
        for signed in pool.sorted(by: { $0.transaction.nonce < $1.transaction.nonce }) {
            guard let sender = World.sender(of: signed), signed.transaction.nonce == minedNonces[sender, default: 0],
                signed.transaction.greatestFee >= baseFee
            else {
                rest.append(signed)
                continue
            }
            minedNonces[sender] = signed.transaction.nonce + 1
            mined[signed.hash] = receipt(of: signed, from: sender)
        }
        pool = rest.filter { signed in
            guard let sender = World.sender(of: signed) else { return false }
            return signed.transaction.nonce >= minedNonces[sender, default: 0]
        }
    }

    private mutating func receipt(of signed: SignedTransaction, from sender: Address) -> Receipt {
        var logs: [Log] = []
        if signed.transaction.to == World.app, !reverts,
            let event = apply(DstackAppCall(calldata: signed.transaction.data), from: sender), !omitsLogs
        {
            logs = [
                Log(
                    address: World.app, topics: event.topics, data: event.data, blockNumber: head,
                    blockHash: blockHash(head), transactionHash: signed.hash, logIndex: 0)
            ]
        }
        return Receipt(
            transactionHash: signed.hash, blockHash: blockHash(head), blockNumber: head, from: sender,
            to: signed.transaction.to, isSuccess: !reverts, gasUsed: 50_000, effectiveGasPrice: baseFee, logs: logs)
    }

    /// What a write does to the app's contract, and the log that it writes.
    private mutating func apply(
        _ call: DstackAppCall?, from sender: Address
    ) -> (topics: [Bytes32], data: [UInt8])? {
        switch call {
        case .addComposeHash(let hash)?:
            allowed.insert(hash)
            return ([DstackAppEvent.composeHashAddedTopic], hash.bytes)
        case .removeComposeHash(let hash)?:
            allowed.remove(hash)
            return ([DstackAppEvent.composeHashRemovedTopic], hash.bytes)
        case .addDevice(let device)?:
            devices.insert(device)
            return ([DstackAppEvent.deviceAddedTopic], device.bytes)
        case .removeDevice(let device)?:
            devices.remove(device)
            return ([DstackAppEvent.deviceRemovedTopic], device.bytes)
        case .setAllowAnyDevice(let allows)?:
            allowsAnyDevice = allows
            return ([DstackAppEvent.allowAnyDeviceSetTopic], UInt256(allows ? 1 as UInt64 : 0).bigEndianBytes)
        case .transferOwnership(let account)?:
            pendingOwner = account
            return ([DstackAppEvent.ownershipTransferStartedTopic, owner.word, account.word], [])
        case .acceptOwnership?:
            let before = owner
            owner = sender
            pendingOwner = .zero
            return ([DstackAppEvent.ownershipTransferredTopic, before.word, sender.word], [])
        case .owner?, .pendingOwner?, .allowedComposeHashes?, .allowedDeviceIDs?, .allowAnyDevice?, .registeredApps?,
            nil:
            return nil
        }
    }

    /// Differs after a reorganisation.
    func blockHash(_ number: UInt64) -> BlockHash {
        BlockHash(Bytes32.keccak256(Array("block \(number) of branch \(reorganisation)".utf8)))
    }
}

extension Transaction {
    /// `maxFeePerGas` of the only kind that the engine signs.
    var greatestFee: UInt256 {
        switch self {
        case .eip1559(let transaction): transaction.maxFeePerGas
        case .legacy, .eip2930: 0
        }
    }
}
