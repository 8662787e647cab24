// SPDX-License-Identifier: Apache-2.0

import EthRPC
import EthTx
import StrictJSON
import Synchronization

@testable import Orchestrator

/// An endpoint that knows of one app's contract: when it was created, what is logged, what it says.
final class ContractNode: JSONRPCService {
    static let app = World.app

    /// What the endpoint does and knows.
    struct Setting: Sendable {
        var head: UInt64 = 1_000_000
        var created: UInt64 = 0
        /// How many blocks' states it keeps.
        var keptStates: UInt64 = .max
        /// The most blocks of one search; `nil` is no limit.
        var logLimit: UInt64?
        /// What becomes of a request with a longer search; `nil` is a refusal of that search alone.
        var longSearch: RPCError.Reason?
        var events: [(block: UInt64, event: DstackAppEvent)] = []
        var owner: Address? = .zero
        var pendingOwner: Address?
        var allowsAnyDevice: Bool? = false
        var allowed: Set<Bytes32> = []
        /// The code of accounts that are not the app.
        var code: [Address: [UInt8]] = [:]
        /// What every contract says when it is asked like a Safe.
        var safe: SafeAccount?
    }

    let setting: Setting
    let endpoint = "https://rpc.example"
    private let batches = Mutex(0)

    init(_ setting: Setting) {
        self.setting = setting
    }

    /// How many requests came.
    var requestCount: Int { batches.withLock { $0 } }

    func perform(_ requests: [RPCRequest]) async throws(RPCError) -> [RPCOutcome] {
        batches.withLock { $0 += 1 }
        if let reason = setting.longSearch, requests.contains(where: isTooLong) {
            throw RPCError(endpoint: endpoint, reason: reason)
        }
        return requests.map(answer)
    }

    private func answer(_ request: RPCRequest) -> RPCOutcome {
        switch request.method.rawValue {
        case "eth_getCode":
            let block = number(request.params.last)
            guard setting.head - block < setting.keptStates else { return Self.error("missing trie node") }
            let asked = request.params.first?.string
            guard asked == Self.app.hex else {
                return .value(.string(Hex.encode(setting.code.first { $0.key.hex == asked }?.value ?? [])))
            }
            return .value(.string(block >= setting.created ? "0x60" : "0x"))
        case "eth_call": return call(request.params.first?.object?["data"]?.string ?? "")
        case "eth_getTransactionCount": return .value("0x0")
        case "eth_getLogs": return logs(request.params.first?.object ?? JSONObject())
        case "eth_getBlockByNumber":
            return .value([
                "number": .string(Quantity.encode(setting.head)), "hash": .string(Bytes32.keccak256([1]).hex),
                "parentHash": .string(Bytes32.keccak256([0]).hex), "timestamp": "0x1", "baseFeePerGas": "0x1",
                "gasLimit": "0x1", "gasUsed": "0x0", "transactions": [],
            ])
        case _: return Self.error("method not found")
        }
    }

    private func number(_ json: JSON?) -> UInt64 {
        json?.string.flatMap { UInt64($0.dropFirst(2), radix: 16) } ?? setting.head
    }

    private static func error(_ message: String) -> RPCOutcome { .error(RPCNodeError(code: -32000, message: message)) }

    private func call(_ text: String) -> RPCOutcome {
        let reverted = RPCOutcome.error(RPCNodeError(code: 3, message: "execution reverted", data: "0x"))
        let asked = text.dropFirst(10)
        switch text.prefix(10) {
        case Hex.encode(DstackAppCall.owner.selector)[...]: return setting.owner.map(Self.word) ?? reverted
        case Hex.encode(DstackAppCall.pendingOwner.selector)[...]:
            return setting.pendingOwner.map(Self.word) ?? reverted
        case Hex.encode(DstackAppCall.allowAnyDevice.selector)[...]:
            return setting.allowsAnyDevice.map(Self.word) ?? reverted
        case _:
            if text.utf8.count == 10 { return safeAnswer(text) ?? reverted }
            return Self.word(setting.allowed.contains { $0.hex.dropFirst(2) == asked })
        }
    }

    /// Answers one of the questions of a Safe.
    private func safeAnswer(_ selector: String) -> RPCOutcome? {
        guard let safe = setting.safe else { return nil }
        let answers: [(String, ABIType, ABIValue)] = [
            ("getThreshold()", .uint(bits: 256), .uint(UInt256(safe.threshold))),
            ("getOwners()", .array(of: .address), .array(safe.owners.map(ABIValue.address))),
            ("VERSION()", .string, .string(safe.version)), ("nonce()", .uint(bits: 256), .uint(UInt256(safe.nonce))),
        ]
        for (signature, type, value) in answers
        where Hex.encode(Array(Bytes32.keccak256(Array(signature.utf8)).bytes.prefix(4))) == selector {
            do { return .value(.string(Hex.encode(try ABI.encode([value], as: [type])))) } catch { return nil }
        }
        return nil
    }

    private static func word(_ flag: Bool) -> RPCOutcome { .value(.string(UInt256(flag ? 1 : 0).bytes32.hex)) }

    private static func word(_ address: Address) -> RPCOutcome { .value(.string(address.word.hex)) }

    private func isTooLong(_ request: RPCRequest) -> Bool {
        guard request.method.rawValue == "eth_getLogs", let filter = request.params.first?.object else { return false }
        return number(filter["toBlock"]) - number(filter["fromBlock"]) >= setting.logLimit ?? .max
    }

    private func logs(_ filter: JSONObject) -> RPCOutcome {
        let (first, last) = (number(filter["fromBlock"]), number(filter["toBlock"]))
        guard last - first < setting.logLimit ?? .max else { return Self.error("block range is too wide") }
        let topics = filter["topics"]?.array?.first?.array?.compactMap(\.string) ?? []
        let found = setting.events.enumerated().filter { _, entry in
            (first...last).contains(entry.block) && topics.contains(Self.topic(entry.event).hex)
        }
        return .value(.array(found.map { index, entry in log(index, entry.block, entry.event) }))
    }

    private static func topic(_ event: DstackAppEvent) -> Bytes32 {
        switch event {
        case .composeHashAdded: DstackAppEvent.composeHashAddedTopic
        case .composeHashRemoved: DstackAppEvent.composeHashRemovedTopic
        case .deviceAdded: DstackAppEvent.deviceAddedTopic
        case .deviceRemoved: DstackAppEvent.deviceRemovedTopic
        case .allowAnyDeviceSet: DstackAppEvent.allowAnyDeviceSetTopic
        case .ownershipTransferStarted: DstackAppEvent.ownershipTransferStartedTopic
        case .ownershipTransferred: DstackAppEvent.ownershipTransferredTopic
        }
    }

    private func log(_ index: Int, _ block: UInt64, _ event: DstackAppEvent) -> JSON {
        let word = AllowanceKind.composeHashes.change(event)?.word ?? AllowanceKind.devices.change(event)?.word
        return [
            "address": .string(Self.app.hex), "topics": [.string(Self.topic(event).hex)],
            "data": .string((word ?? .zero).hex), "blockNumber": .string(Quantity.encode(block)),
            "blockHash": .string(Bytes32.keccak256([UInt8(truncatingIfNeeded: block)]).hex),
            "transactionHash": .string(Bytes32.keccak256([2, UInt8(truncatingIfNeeded: index)]).hex),
            "logIndex": .string(Quantity.encode(UInt64(index))), "removed": false,
        ]
    }
}
