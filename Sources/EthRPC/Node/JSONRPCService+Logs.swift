// SPDX-License-Identifier: Apache-2.0

/// Why logs could not be collected.
public enum LogSearchError: Error, Sendable, Hashable {
    /// An endpoint gave no answer that counts.
    case service(RPCError)
    /// A search of a single block was refused, or an answer was of the wrong form.
    case call(RPCCallError)
    /// It would take more requests than were allowed.
    case tooManyRequests(limit: Int)
}

extension JSONRPCService {
    /// The logs of a filter in a range of blocks, in the order of the chain.
    ///
    /// Endpoints limit how many blocks, or how many logs, one request may ask for, each in its own words. So
    /// whatever error a node has about a range, the range is halved, down to one block; every block is asked for
    /// exactly once.
    ///
    /// - Parameters:
    ///   - filter: the contracts and topics; its range is replaced.
    ///   - blocks: the blocks, both ends included.
    ///   - span: how many blocks the first request asks for.
    ///   - requestLimit: how many requests it may take.
    /// - Returns: all logs of the range.
    /// - Throws: why it ended early; what was found until then is dropped, since it is not complete.
    public func logs(
        _ filter: LogFilter, in blocks: ClosedRange<UInt64>, span: UInt64 = 10_000, requestLimit: Int = 200
    ) async throws(LogSearchError) -> [Log] {
        var found: [Log] = []
        var next = blocks.lowerBound
        var span = max(span, 1)
        for _ in 0..<max(requestLimit, 0) {
            let (end, overflow) = next.addingReportingOverflow(span - 1)
            let last = min(overflow ? .max : end, blocks.upperBound)
            var part = filter
            part.range = .blocks(next...last)
            let result: Result<[Log], RPCCallError>
            do throws(RPCError) {
                result = try await call(.logs(part))
            } catch {
                throw .service(error)
            }
            switch result {
            case .success(let logs):
                found += logs
                if last == blocks.upperBound { return found }
                next = last + 1
            case .failure(.node) where last > next:
                span = (last - next + 1) / 2
            case .failure(let error):
                throw .call(error)
            }
        }
        throw .tooManyRequests(limit: requestLimit)
    }
}
