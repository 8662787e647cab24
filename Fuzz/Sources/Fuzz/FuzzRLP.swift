// SPDX-License-Identifier: Apache-2.0

import EthTx

/// The walk, the tree and the cursor agree, and what they accept is the one encoding of what it says.
func fuzzRLP(_ input: [UInt8]) {
    let count = result { () throws(RLPError) in try RLP.validate(input) }
    let item = result { () throws(RLPError) in try RLPItem(decoding: input) }
    switch (count, item) {
    case (.failure(let left), .failure(let right)):
        require(left == right, "the walk says \(left), the tree \(right)")
    case (.success(let count), .success(let item)):
        require(item.encoded == input, "another encoding was accepted")
        require(size(of: item) == count, "the number of items")
        if case .list(let items) = item {
            let read = result { () throws(RLPError) in
                try RLPCursor.read(input) { cursor throws(RLPError) in try collect(&cursor) }
            }
            require((try? read.get()) == items, "the cursor reads other items")
        }
        limits(input, count: count, depth: depth(of: item))
    case (.success, .failure), (.failure, .success):
        require(false, "walk and tree disagree")
    }
}

/// Limits are kept exactly: at the limit accepted, one below it refused.
private func limits(_ input: [UInt8], count: Int, depth: Int) {
    let exact = RLPLimits(depth: depth, bytes: input.count, items: count)
    require((try? RLP.validate(input, limits: exact)) == count, "refused at its limits")
    for tooLow in [
        RLPLimits(depth: depth - 1, bytes: input.count, items: count),
        RLPLimits(depth: depth, bytes: input.count - 1, items: count),
        RLPLimits(depth: depth, bytes: input.count, items: count - 1),
    ] where tooLow != exact {
        require((try? RLP.validate(input, limits: tooLow)) == nil, "accepted beyond a limit")
        require((try? RLPItem(decoding: input, limits: tooLow)) == nil, "built beyond a limit")
    }
}

private func collect(_ cursor: inout RLPCursor) throws(RLPError) -> [RLPItem] {
    var items: [RLPItem] = []
    while !cursor.isAtEnd {
        if cursor.isAtList {
            var inner = try cursor.list()
            items.append(.list(try collect(&inner)))
        } else {
            items.append(.bytes([UInt8](try cursor.bytes())))
        }
    }
    return items
}

private func size(of item: RLPItem) -> Int {
    switch item {
    case .bytes: 1
    case .list(let items): items.reduce(1) { $0 + size(of: $1) }
    }
}

private func depth(of item: RLPItem) -> Int {
    switch item {
    case .bytes: 0
    case .list(let items): 1 + (items.map(depth).max() ?? 0)
    }
}

/// A throwing call as a value.
func result<Value, Failure: Error>(_ body: () throws(Failure) -> Value) -> Result<Value, Failure> {
    do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
}
