// SPDX-License-Identifier: Apache-2.0

internal import HTTPTransport

/// Why logs could not be collected.
public enum LogSearchError: Error, Sendable, Hashable {
    /// An endpoint gave no answer that counts.
    case service(RPCError)
    /// A search of a single block was refused, or no smaller range would help, or an answer was of the wrong form.
    case call(RPCCallError)
    /// It would take more requests than were allowed.
    case tooManyRequests(limit: Int)
}

extension JSONRPCService {
    /// How many ranges go into one request.
    private var logWidth: Int { 16 }

    /// The logs of a filter in a range of blocks, in the order of the chain.
    ///
    /// Endpoints limit how many blocks, or how many logs, one request may ask for, each in its own words. The limit is
    /// read from the words where they tell it; otherwise a range that is refused is halved, down to one block. Several
    /// ranges go into one request where the endpoint takes batches; each block's logs are taken once.
    ///
    /// - Parameters:
    ///   - filter: the contracts and topics; its range is replaced.
    ///   - blocks: the blocks, both ends included.
    ///   - span: how many blocks the first ranges have.
    ///   - requestLimit: how many requests it may take.
    /// - Returns: all logs of the range.
    /// - Throws: why it ended early; what was found until then is dropped, since it is not complete.
    public func logs(
        _ filter: LogFilter, in blocks: ClosedRange<UInt64>, span: UInt64 = 10_000, requestLimit: Int = 200
    ) async throws(LogSearchError) -> [Log] {
        var found: [Log] = []
        try await scan(filter, in: blocks, order: .oldestFirst, span: span, requestLimit: requestLimit) { logs, _ in
            found += logs
        }
        return found.sorted { ($0.blockNumber, $0.logIndex) < ($1.blockNumber, $1.logIndex) }
    }

    /// The newest log of a filter in a range of blocks that is wanted; `nil` when none is.
    ///
    /// Works like ``logs(_:in:span:requestLimit:)`` from the newest block on, and ends with the first that is found.
    public func newestLog(
        _ filter: LogFilter, in blocks: ClosedRange<UInt64>, span: UInt64 = 10_000, requestLimit: Int = 200,
        where isWanted: (Log) -> Bool
    ) async throws(LogSearchError) -> Log? {
        var newest: Log?
        try await scan(filter, in: blocks, order: .newestFirst, span: span, requestLimit: requestLimit) { logs, scan in
            for log in logs where isWanted(log) {
                if let newest, (newest.blockNumber, newest.logIndex) >= (log.blockNumber, log.logIndex) { continue }
                newest = log
            }
            if let newest { scan.forget(through: newest.blockNumber) }
        }
        return newest
    }

    /// Asks for the logs of all blocks, piece by piece.
    private func scan(
        _ filter: LogFilter, in blocks: ClosedRange<UInt64>, order: LogScan.Order, span: UInt64, requestLimit: Int,
        _ take: ([Log], inout LogScan) -> Void
    ) async throws(LogSearchError) {
        var scan = LogScan(blocks, order: order, span: span, width: logWidth)
        for _ in 0..<max(requestLimit, 0) {
            let pieces = scan.next(atMost: batchLimit)
            if pieces.isEmpty { return }
            guard let answers = try await ask(filter, pieces, &scan) else { continue }
            // Refused pieces go back before any is taken, so that what is found forgets older ones among them.
            for (piece, answer) in zip(pieces, answers).reversed() {
                if case .failure(let error) = answer { try putBack(piece, error, &scan) }
            }
            for case .success(let logs) in answers { take(logs, &scan) }
        }
        guard scan.next(atMost: 1).isEmpty else { throw .tooManyRequests(limit: requestLimit) }
    }

    /// Asks for some ranges at once; `nil` when that may have been too much, and the ranges were put back.
    private func ask(
        _ filter: LogFilter, _ pieces: [ClosedRange<UInt64>], _ scan: inout LogScan
    ) async throws(LogSearchError) -> [Result<[Log], RPCCallError>]? {
        let calls = pieces.map { piece in
            var part = filter
            part.range = .blocks(piece)
            return RPCCall<[Log]>.logs(part)
        }
        let answer: Result<[Result<[Log], RPCCallError>], RPCCallError>
        do throws(RPCError) {
            answer = try await call(.all(calls))
        } catch {
            guard error.mayPass(withLessThan: pieces), scan.putBack(all: pieces, wasLong: error.isBodyTooLarge) else {
                throw .service(error)
            }
            return nil
        }
        switch answer {
        case .success(let answers): return answers
        case .failure(let error): throw .call(error)
        }
    }

    private func putBack(
        _ piece: ClosedRange<UInt64>, _ error: RPCCallError, _ scan: inout LogScan
    ) throws(LogSearchError) {
        guard case .node(let refusal) = error, scan.putBack(piece, after: LogRefusal(refusal, asked: piece)) else {
            throw .call(error)
        }
    }
}

extension RPCError {
    /// Whether an endpoint that gave no answer to a search may give one to a shorter search.
    ///
    /// Endpoints that are asked for too much do not always say so: many time out, and the proxies before them answer in
    /// their stead. An endpoint that cannot be reached, or asks for a pause, has nothing against the search.
    fileprivate func mayPass(withLessThan pieces: [ClosedRange<UInt64>]) -> Bool {
        switch reason {
        case .transport(.bodyTooLarge): true
        case .transport(.lost(let failure)): [.timedOut, .stalled, .closed, .cut].contains(failure.kind)
        case .status(let status, _, _): [408, 413, 500, 502, 503, 504].contains(status) || (520...524).contains(status)
        case .refused(let error): pieces.first.map { LogRefusal(error, asked: $0) != .final } ?? false
        case .allFailed(let errors): errors.contains { $0.mayPass(withLessThan: pieces) }
        case .transport, .rateLimited, .notJSONRPC, .wrongChain, .notAnEndpoint: false
        }
    }

    /// Whether the answer was longer than is read.
    fileprivate var isBodyTooLarge: Bool {
        switch reason {
        case .transport(.bodyTooLarge): true
        case .allFailed(let errors): errors.contains(where: \.isBodyTooLarge)
        case .transport, .status, .rateLimited, .notJSONRPC, .refused, .wrongChain, .notAnEndpoint: false
        }
    }
}
