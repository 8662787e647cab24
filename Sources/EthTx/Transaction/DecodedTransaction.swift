// SPDX-License-Identifier: Apache-2.0

/// A transaction as it came over the wire: of a known kind, or kept as it is.
public enum DecodedTransaction: Sendable, Hashable {
    /// A kind that this library knows, decoded and checked.
    case known(SignedTransaction)
    /// A kind of EIP-2718 that it does not know: type byte (0...127 without 1 and 2) and all bytes, type byte first.
    case opaque(typeByte: UInt8, raw: [UInt8])

    /// Decodes a transaction of a known kind, and keeps one of an unknown kind as it is.
    public init(decoding raw: [UInt8]) throws(TransactionError) {
        do {
            self = .known(try SignedTransaction(decoding: raw))
        } catch .unknownType(let typeByte) {
            self = .opaque(typeByte: typeByte, raw: raw)
        } catch {
            throw error
        }
    }

    /// The bytes as they are sent.
    public var raw: [UInt8] {
        switch self {
        case .known(let transaction): transaction.raw
        case .opaque(_, let raw): raw
        }
    }

    /// Keccak-256 of the bytes.
    public var hash: TransactionHash {
        switch self {
        case .known(let transaction): transaction.hash
        case .opaque(_, let raw): TransactionHash(Bytes32.keccak256(raw))
        }
    }
}
