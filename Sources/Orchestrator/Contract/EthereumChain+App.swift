// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx

/// What an app's contract says, by one endpoint.
extension EthereumChain: AppChain {
    /// How many questions go in one batch; endpoints limit that.
    private static let batchSize = 20

    /// Owner and general settings of a contract at a block.
    public func standing(of app: Address, atBlock block: UInt64) async throws(ChainFault) -> AppStanding {
        let tag = BlockTag.number(block)
        let answer = try await perform { node throws(RPCError) in
            try await node.batch(
                RPCCall<[UInt8]>.code(app, at: tag),
                RPCCall<[UInt8]>.call(to: app, data: DstackAppCall.owner.calldata, at: tag),
                RPCCall<[UInt8]>.call(to: app, data: DstackAppCall.pendingOwner.calldata, at: tag),
                RPCCall<[UInt8]>.call(to: app, data: DstackAppCall.allowAnyDevice.calldata, at: tag))
        }
        guard try !value(answer.0).isEmpty else {
            return AppStanding(hasCode: false, owner: nil, transfer: .oneStep, allowsAnyDevice: nil)
        }
        // A contract without the function reverts, or returns nothing.
        let pending = try readAddress(answer.2)
        let flag = try word(answer.3)
        return AppStanding(
            hasCode: true, owner: try readAddress(answer.1),
            transfer: pending.map { .twoSteps(pending: $0 == .zero ? nil : $0) } ?? .oneStep,
            allowsAnyDevice: flag.flatMap { $0 <= 1 ? !$0.isZero : nil })
    }

    /// What a contract answers to questions with a truth value.
    public func answers(
        to questions: [DstackAppCall], by app: Address, atBlock block: UInt64
    ) async throws(ChainFault) -> [Bool] {
        var all: [Bool] = []
        var rest = questions[...]
        while !rest.isEmpty {
            let calls = rest.prefix(Self.batchSize).map {
                RPCCall<[UInt8]>.call(to: app, data: $0.calldata, at: .number(block))
            }
            rest = rest.dropFirst(Self.batchSize)
            let answer = try await perform { node throws(RPCError) in
                try await node.call(RPCCall<[Result<[UInt8], RPCCallError>]>.all(calls))
            }
            for result in try value(answer) { all.append(try readBool(result)) }
        }
        return all
    }

    /// The first block at whose end there is code at an address.
    ///
    /// Each round asks for several blocks at once. A block whose state the endpoint does not keep counts as too early,
    /// since endpoints forget old states first.
    public func start(of contract: Address, through last: UInt64) async throws(ChainFault) -> ContractStart {
        /// Code is there from `high` on; before `low` there is none, or it cannot be told.
        var (low, high) = (UInt64(0), last)
        var isTold = true
        while low < high {
            let points = Self.probes(low, high)
            let calls = points.map { RPCCall<[UInt8]>.code(contract, at: .number($0)) }
            let answer = try await perform { node throws(RPCError) in
                try await node.call(RPCCall<[Result<[UInt8], RPCCallError>]>.all(calls))
            }
            for (point, result) in zip(points, try value(answer)) {
                if case .failure(.node(let error)) = result, !error.isRateLimit {
                    (low, isTold) = (point + 1, false)
                } else if try value(result).isEmpty {
                    (low, isTold) = (point + 1, true)
                } else {
                    high = point
                    break
                }
            }
        }
        return isTold ? .created(high) : .knownSince(high)
    }

    /// Blocks that divide the range from `low` up to but not including `high`, in order.
    private static func probes(_ low: UInt64, _ high: UInt64) -> [UInt64] {
        let count = min(UInt64(batchSize - 1), high - low)
        let step = (high - low) / (count + 1)
        let points = (0..<count).map { low + max(step, 1) * ($0 + 1) - 1 }
        return points.filter { $0 < high }
    }

    /// The events of a contract in a range of blocks.
    public func events(
        of app: Address, topics: [Bytes32], from first: UInt64, through last: UInt64, requestLimit: Int
    ) async throws(ChainFault) -> [AppLogEntry]? {
        guard first <= last else { return [] }
        let filter = LogFilter(range: .blocks(first...last), addresses: [app], topics: [topics])
        let isOneRequest = requestLimit == 1
        let logs: [Log]
        do throws(LogSearchError) {
            logs = try await node.logs(
                filter, in: first...last, span: isOneRequest ? .max : 10_000, requestLimit: requestLimit)
        } catch {
            switch error {
            case .tooManyRequests: return nil
            // Whatever the endpoint has against so long a range, it may take shorter ones.
            case .call(.node) where isOneRequest: return nil
            case .service(let error) where isOneRequest && error.isRefusal: return nil
            case .call, .service: throw ChainFault(error, endpoint: node.endpoint)
            }
        }
        return logs.compactMap { log in
            guard !log.isRemoved, let event = DstackAppEvent(topics: log.topics, data: log.data) else { return nil }
            return AppLogEntry(
                event: event, blockNumber: log.blockNumber, transactionHash: log.transactionHash,
                logIndex: log.logIndex)
        }
    }
}

extension RPCError {
    /// Whether the endpoint answered, and with one error in place of all answers.
    fileprivate var isRefusal: Bool {
        if case .refused = reason { true } else { false }
    }
}
