// SPDX-License-Identifier: Apache-2.0

public import EthTx
internal import StrictJSON

/// Which logs are asked for.
public struct LogFilter: Sendable, Hashable {
    /// Where to look.
    public enum Range: Sendable, Hashable {
        /// All blocks from one number to another, both included.
        case blocks(ClosedRange<UInt64>)
        /// One block.
        case block(BlockHash)
    }

    /// Where to look.
    public var range: Range

    /// The contracts; none means any.
    public var addresses: [Address]

    /// For each position the topics of which one must be there; an empty list accepts any.
    public var topics: [[Bytes32]]

    /// Sets a filter.
    public init(range: Range, addresses: [Address], topics: [[Bytes32]]) {
        self.range = range
        self.addresses = addresses
        self.topics = topics
    }

    /// Whether a log is one that was asked for.
    public func matches(_ log: Log) -> Bool {
        guard addresses.isEmpty || addresses.contains(log.address), topics.count <= log.topics.count else {
            return false
        }
        guard zip(topics, log.topics).allSatisfy({ $0.isEmpty || $0.contains($1) }) else { return false }
        switch range {
        case .blocks(let numbers): return numbers.contains(log.blockNumber)
        case .block(let hash): return hash == log.blockHash
        }
    }

    var json: JSON {
        var object = JSONObject()
        switch range {
        case .blocks(let numbers):
            object["fromBlock"] = .string(Quantity.encode(numbers.lowerBound))
            object["toBlock"] = .string(Quantity.encode(numbers.upperBound))
        case .block(let hash):
            object["blockHash"] = .string(hash.hex)
        }
        if !addresses.isEmpty { object["address"] = .array(addresses.map { .string($0.hex) }) }
        object["topics"] = .array(
            topics.map { choices in choices.isEmpty ? .null : .array(choices.map { .string($0.hex) }) })
        return .object(object)
    }
}
