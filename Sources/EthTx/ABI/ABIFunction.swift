// SPDX-License-Identifier: Apache-2.0

import Keccak

/// A function of a contract, or a custom error, by its signature.
public struct ABIFunction: Sendable, Hashable {
    /// The name.
    public let name: String

    /// The types of the arguments.
    public let inputs: [ABIType]

    /// The types of what it returns; empty for an error.
    public let outputs: [ABIType]

    /// Reads a signature such as `transfer(address,uint256)`, and the returned types such as `(bool)`.
    public init(_ signature: String, returns outputs: String = "()") throws(ABIError) {
        var parser = ABITypeParser(signature)
        name = parser.word()
        guard !name.isEmpty, parser.take("(") else { throw .invalidSignature(signature) }
        inputs = try parser.list(depth: 0)
        guard parser.isAtEnd else { throw .invalidSignature(signature) }
        var outputParser = ABITypeParser(outputs)
        guard outputParser.take("(") else { throw .invalidSignature(outputs) }
        self.outputs = try outputParser.list(depth: 0)
        guard outputParser.isAtEnd else { throw .invalidSignature(outputs) }
    }

    /// The signature without spaces and aliases, which is what is hashed.
    public var signature: String { name + ABIType.tuple(inputs).name }

    /// The first four bytes of the signature's Keccak-256.
    public var selector: [UInt8] {
        Array(Keccak256.hash(Array(signature.utf8)).bytes.prefix(4))
    }

    /// The call data: selector and encoded arguments.
    public func encodeCall(_ arguments: [ABIValue]) throws(ABIError) -> [UInt8] {
        selector + (try ABI.encode(arguments, as: inputs))
    }

    /// The arguments of call data, which must begin with this selector and be canonical.
    public func decodeCall(_ data: [UInt8]) throws(ABIError) -> [ABIValue] {
        let selector = selector
        guard data.starts(with: selector) else {
            throw .wrongSelector(expected: selector, found: Array(data.prefix(4)))
        }
        return try ABI.decode(Array(data.dropFirst(4)), as: inputs)
    }

    /// The values of returned data.
    public func decodeReturn(_ data: [UInt8]) throws(ABIError) -> [ABIValue] {
        try ABI.decode(data, as: outputs, strictness: .returned)
    }
}
