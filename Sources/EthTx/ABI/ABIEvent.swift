// SPDX-License-Identifier: Apache-2.0

import Keccak

/// An event of a contract, by its signature.
public struct ABIEvent: Sendable, Hashable {
    /// One argument of an event.
    public struct Input: Sendable, Hashable {
        /// The type.
        public let type: ABIType

        /// Whether it stands in a topic and not in the data.
        public let isIndexed: Bool
    }

    /// The name.
    public let name: String

    /// The arguments in order.
    public let inputs: [Input]

    /// Reads a signature such as `Transfer(address indexed,address indexed,uint256)`.
    public init(_ signature: String) throws(ABIError) {
        var parser = ABITypeParser(signature)
        name = parser.word()
        guard !name.isEmpty, parser.take("(") else { throw .invalidSignature(signature) }
        var inputs: [Input] = []
        var isOpen = !parser.take(")")
        while isOpen {
            let type = try parser.type(depth: 1)
            var isIndexed = false
            if parser.take(" ") {
                guard parser.word() == "indexed" else { throw .invalidSignature(signature) }
                isIndexed = true
            }
            inputs.append(Input(type: type, isIndexed: isIndexed))
            if parser.take(",") { continue }
            guard parser.take(")") else { throw .invalidSignature(signature) }
            isOpen = false
        }
        guard parser.isAtEnd, inputs.count(where: \.isIndexed) <= 3 else { throw .invalidSignature(signature) }
        self.inputs = inputs
    }

    /// The signature without `indexed`, which is what is hashed.
    public var signature: String { name + ABIType.tuple(inputs.map(\.type)).name }

    /// The first topic of its logs: Keccak-256 of the signature.
    public var topic: Bytes32 { Bytes32.keccak256(Array(signature.utf8)) }

    /// The arguments of a log, in order; `nil` when it is a log of another event.
    ///
    /// An indexed argument of a type without fixed size is its Keccak-256 on chain, and given as 32 bytes.
    public func decode(topics: [Bytes32], data: [UInt8]) throws(ABIError) -> [ABIValue]? {
        guard topics.first == topic else { return nil }
        let indexedCount = inputs.count(where: \.isIndexed)
        guard topics.count == indexedCount + 1 else {
            throw .wrongCount(expected: indexedCount + 1, found: topics.count)
        }
        let plain = inputs.filter { !$0.isIndexed }.map(\.type)
        var values = try ABI.decode(data, as: plain, strictness: .returned)[...]
        var indexed = topics.dropFirst()
        var arguments: [ABIValue] = []
        for input in inputs {
            if !input.isIndexed {
                if let value = values.popFirst() { arguments.append(value) }
            } else if let topic = indexed.popFirst() {
                arguments.append(try ABIEvent.value(of: topic, input.type))
            }
        }
        return arguments
    }

    private static func value(of topic: Bytes32, _ type: ABIType) throws(ABIError) -> ABIValue {
        switch type {
        case .uint, .int, .bool, .address, .fixedBytes:
            guard let value = try ABI.decode(topic.bytes, as: [type]).first else { throw .truncated(offset: 0) }
            return value
        case .bytes, .string, .array, .fixedArray, .tuple:
            return .bytes(topic.bytes)
        }
    }
}
