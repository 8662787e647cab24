// SPDX-License-Identifier: Apache-2.0

public import EthRPC
import EthTx

/// Finding the transaction by which somebody else made a call.
extension EthereumChain {
    /// Questions about the state that go into one request, where the endpoint takes batches.
    private static let probeWidth = 15

    /// Requests about the state at most.
    private static let probeRounds = 12

    /// So few blocks are asked for their logs without more questions about the state.
    private static let fewBlocks: UInt64 = 64

    /// So many of the newest blocks are searched where the state does not help: two weeks of a block each two seconds.
    private static let logWindow: UInt64 = 604_800

    /// Requests for logs at most: where the state has narrowed the blocks down, and where it has not.
    private static let logRequests = (narrow: 12, wide: 40)

    /// The newest transaction whose log says that a call happened.
    ///
    /// First the contract's state at some blocks tells about where, since those questions cost endpoints little and no
    /// limit is set to them; then the logs of the few blocks that are left are read. Where the state tells nothing, or
    /// tells what the log does not bear out, all blocks are searched from the newest on, within bounds.
    ///
    /// - Returns: the receipt; `nil` when the log does not show one, or the endpoint does not let it be searched.
    public func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt? {
        guard first <= last else { return nil }
        var log: Log?
        let blocks = try await turningBlocks(of: call.effect, in: first...last)
        if let blocks, blocks != first...last {
            log = try await newestLog(of: call, in: blocks, requestLimit: Self.logRequests.narrow)
        }
        if log == nil {
            let recent = max(first, last - min(last, Self.logWindow))...last
            log = try await newestLog(of: call, in: recent, requestLimit: Self.logRequests.wide)
        }
        guard let log else { return nil }
        return try value(
            await perform { node throws(RPCError) in try await node.call(.transactionReceipt(log.transactionHash)) })
    }

    /// The blocks in one of which a fact became true, by the contracts' state; `nil` when it was true before all.
    private func turningBlocks(
        of fact: ContractFact, in blocks: ClosedRange<UInt64>
    ) async throws(ChainFault) -> ClosedRange<UInt64>? {
        var point = TurningPoint(from: blocks.lowerBound, through: blocks.upperBound)
        for _ in 0..<Self.probeRounds {
            let width = min(node.batchLimit, Self.probeWidth) / max(fact.leaves.count, 1)
            // One question a request: a few more blocks of log cost less.
            let probes = point.probes(max(width, 1), goal: width > 2 ? Self.fewBlocks : Self.fewBlocks * 16)
            if probes.isEmpty { break }
            point.note(try await said(of: fact, at: probes))
        }
        return point.blocks
    }

    /// Whether a fact is true at each of some blocks, in one request; `nil` where the endpoint has no state.
    private func said(
        of fact: ContractFact, at blocks: [UInt64]
    ) async throws(ChainFault) -> [(block: UInt64, isTrue: Bool?)] {
        let questions = blocks.map { RPCCall<[UInt8]>.questions(fact, at: .number($0)) }
        let answer = try await perform { node throws(RPCError) in
            try await node.call(RPCCall<[Result<[UInt8], RPCCallError>]>.all(questions.flatMap { $0 }))
        }
        var rest = try value(answer)[...]
        var said: [(block: UInt64, isTrue: Bool?)] = []
        for (block, questions) in zip(blocks, questions) {
            let mine = Array(rest.prefix(questions.count))
            rest = rest.dropFirst(questions.count)
            var isTrue: Bool?
            do { isTrue = try read(fact, mine) } catch { isTrue = nil }
            said.append((block, isTrue))
        }
        return said
    }

    /// The newest log of a call in a range of blocks; `nil` also when the endpoint does not let so many be searched.
    private func newestLog(
        of call: ContractCall, in blocks: ClosedRange<UInt64>, requestLimit: Int
    ) async throws(ChainFault) -> Log? {
        let filter = LogFilter(range: .blocks(blocks), addresses: [call.contract], topics: [[call.topic]])
        // Most endpoints take a thousand blocks. Where all fit into one request in such pieces, none is wasted on
        // finding out.
        let isShort = blocks.upperBound - blocks.lowerBound < 16_000 && node.batchLimit >= 16
        do throws(LogSearchError) {
            return try await node.newestLog(
                filter, in: blocks, span: isShort ? 1000 : 10_000, requestLimit: requestLimit, where: call.isLogged)
        } catch {
            switch error {
            case .service(let error): throw ChainFault(error)
            case .call(.node), .call(.null), .call(.missing), .tooManyRequests: return nil
            case .call(.undecodable): throw ChainFault(error, endpoint: node.endpoint)
            }
        }
    }
}
