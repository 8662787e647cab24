// SPDX-License-Identifier: Apache-2.0

/// Which blocks of a long range are still to be asked for, and in what pieces.
///
/// Every block is asked for until it is answered once. What an endpoint says about its limits makes later pieces
/// smaller; pieces only ever shrink, so it ends.
struct LogScan {
    /// From which end the range is worked off.
    enum Order {
        case oldestFirst, newestFirst
    }

    private let order: Order

    /// What is not answered yet; the last is asked for next.
    private var rest: [ClosedRange<UInt64>]

    /// The longest piece, in blocks.
    private var span: UInt64

    /// How many pieces go into one request.
    private var width: Int

    init(_ blocks: ClosedRange<UInt64>, order: Order, span: UInt64, width: Int) {
        self.order = order
        rest = [blocks]
        self.span = max(span, 1)
        self.width = max(width, 1)
    }

    /// Takes the pieces of the next request off the rest.
    mutating func next(atMost limit: Int) -> [ClosedRange<UInt64>] {
        var pieces: [ClosedRange<UInt64>] = []
        while pieces.count < min(width, max(limit, 1)), let range = rest.popLast() {
            pieces.append(cut(range, at: span))
        }
        return pieces
    }

    /// Puts a piece back that was refused, to be asked for in smaller ones.
    ///
    /// - Returns: whether it can be smaller.
    mutating func putBack(_ piece: ClosedRange<UInt64>, after refusal: LogRefusal) -> Bool {
        let length = piece.upperBound - piece.lowerBound
        guard length > 0 else { return false }
        let half = length / 2 + 1
        switch refusal {
        case .final: return false
        case .blocks(let count):
            span = min(span, max(count, 1))
            rest.append(piece)
        case .tooLong:
            span = min(span, half)
            rest.append(piece)
        case .hereBlocks(let count): rest.append(cut(piece, at: min(max(count, 1), half)))
        case .tooMuchHere: rest.append(cut(piece, at: half))
        }
        return true
    }

    /// Puts all pieces of a request back that may have asked for too much.
    ///
    /// - Parameter wasLong: whether it is certain, since an answer came and was too long. Otherwise less is asked for in
    ///   greater steps, eight from the usual size to a single block: each may take as long as a request may, and the
    ///   endpoint may just be down.
    /// - Returns: whether less can be asked for at once.
    mutating func putBack(all pieces: [ClosedRange<UInt64>], wasLong: Bool) -> Bool {
        if pieces.count > 1 {
            width = max(pieces.count / (wasLong ? 2 : 4), 1)
            rest += pieces.reversed()
            return true
        }
        return pieces.allSatisfy { piece in
            let eighth = (piece.upperBound - piece.lowerBound) / 8 + 1
            return putBack(piece, after: wasLong ? .tooMuchHere : .blocks(atMost: eighth))
        }
    }

    /// Leaves out what is not newer than a block.
    mutating func forget(through block: UInt64) {
        rest = rest.compactMap { range in
            guard range.upperBound > block else { return nil }
            return max(range.lowerBound, block + 1)...range.upperBound
        }
    }

    /// Cuts a piece off the end that is worked off first; what remains goes back.
    private mutating func cut(_ range: ClosedRange<UInt64>, at count: UInt64) -> ClosedRange<UInt64> {
        guard range.upperBound - range.lowerBound >= count else { return range }
        switch order {
        case .oldestFirst:
            rest.append((range.lowerBound + count)...range.upperBound)
            return range.lowerBound...(range.lowerBound + (count - 1))
        case .newestFirst:
            rest.append(range.lowerBound...(range.upperBound - count))
            return (range.upperBound - (count - 1))...range.upperBound
        }
    }
}
