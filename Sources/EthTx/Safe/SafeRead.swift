// SPDX-License-Identifier: Apache-2.0

/// The questions to a Safe that proposing, signing and executing need (Safe contracts 1.3.0 and 1.4.1).
public enum SafeRead: Sendable, Hashable {
    /// How many owners have to sign; returns a number.
    case threshold
    /// Who may sign; returns addresses.
    case owners
    /// The version of the contract's code; returns a text such as `1.4.1`.
    case version
    /// How many transactions the Safe has made; returns a number, which is the nonce of the next.
    case nonce
    /// The hash that owners sign for a transaction, by the contract's own arithmetic; returns 32 bytes.
    case transactionHash(SafeTransaction)

    /// The signature of the function.
    public var signature: String {
        switch self {
        case .threshold: "getThreshold()"
        case .owners: "getOwners()"
        case .version: "VERSION()"
        case .nonce: "nonce()"
        case .transactionHash:
            "getTransactionHash(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,uint256)"
        }
    }

    /// The call data.
    public var calldata: [UInt8] {
        let selector = Array(Bytes32.keccak256(Array(signature.utf8)).bytes.prefix(4))
        switch self {
        case .threshold, .owners, .version, .nonce: return selector
        case .transactionHash(let transaction):
            return selector + transaction.arguments(last: transaction.nonce.bigEndianBytes, tail: [])
        }
    }
}

extension SafeRead {
    /// The number that `getThreshold()` or `nonce()` returned.
    public static func decodeNumber(_ data: [UInt8]) throws(ABIError) -> UInt256 {
        guard let value = try ABI.decode(data, as: [.uint(bits: 256)], strictness: .returned).first?.uint else {
            throw .wrongKind(expected: "uint256")
        }
        return value
    }

    /// The addresses that `getOwners()` returned.
    public static func decodeOwners(_ data: [UInt8]) throws(ABIError) -> [Address] {
        guard case .array(let values)? = try ABI.decode(data, as: [.array(of: .address)], strictness: .returned).first
        else { throw .wrongKind(expected: "address[]") }
        return values.compactMap(\.address)
    }

    /// The version that `VERSION()` returned; `nil` when the text is not three numbers.
    public static func decodeVersion(_ data: [UInt8]) throws(ABIError) -> SafeVersion? {
        guard let text = try ABI.decode(data, as: [.string], strictness: .returned).first?.string else {
            throw .wrongKind(expected: "string")
        }
        return SafeVersion(text)
    }

    /// The hash that `getTransactionHash(…)` returned.
    public static func decodeHash(_ data: [UInt8]) throws(ABIError) -> Bytes32 {
        guard let bytes = try ABI.decode(data, as: [.fixedBytes(count: 32)], strictness: .returned).first?.bytes,
            let hash = Bytes32(bytes: bytes)
        else { throw .wrongKind(expected: "bytes32") }
        return hash
    }
}
