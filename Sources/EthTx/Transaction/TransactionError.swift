// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a signed transaction.
public enum TransactionError: Error, Sendable, Hashable {
    /// The encoding is not canonical RLP.
    case rlp(RLPError)
    /// The first byte opens an RLP string, which is neither a legacy transaction nor a type byte of EIP-2718.
    case notATransaction(firstByte: UInt8)
    /// The type byte is none that this library decodes.
    case unknownType(UInt8)
    /// Behind the type byte stands a byte string instead of a list.
    case payloadNotList
    /// The list has another number of fields than this kind of transaction.
    case wrongFieldCount(expected: Int)
    /// A field is malformed.
    case field(TransactionField, TransactionFieldFault)
    /// The signature is none that a transaction may carry.
    case signature(SignatureFault)
    /// The chain identifier leaves no room for v in 256 bits.
    case chainIDTooGreat
}

extension TransactionError {
    /// How far decoding got.
    public enum Layer: String, Sendable, Hashable {
        /// The encoding.
        case rlp
        /// The fields in it.
        case fields
        /// The signature over them.
        case signature
    }

    /// How far decoding got before this error.
    public var layer: Layer {
        switch self {
        case .rlp, .notATransaction, .unknownType: .rlp
        case .payloadNotList, .wrongFieldCount, .field, .chainIDTooGreat: .fields
        case .signature: .signature
        }
    }
}

extension TransactionError: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .rlp(let error): "not canonical RLP: \(error)"
        case .notATransaction(let byte): "a transaction cannot begin with the byte \(Hex.encode([byte]))"
        case .unknownType(let type): "transaction type \(type) is not known"
        case .payloadNotList: "a byte string follows the type byte, where the list of fields should be"
        case .wrongFieldCount(let expected): "the list must have exactly \(expected) fields"
        case .field(let field, let fault): "field \(field.rawValue): \(fault)"
        case .signature(let fault): "signature: \(fault)"
        case .chainIDTooGreat: "the chain identifier leaves no room for v in 256 bits (EIP-155)"
        }
    }
}

extension TransactionFieldFault: CustomStringConvertible {
    /// What is wrong, in one clause.
    public var description: String {
        switch self {
        case .isList: "a list where a byte string should be"
        case .isString: "a byte string where a list should be"
        case .leadingZero: "an integer has no leading zero bytes"
        case .overflow(let bits): "does not fit into \(bits) bits"
        case .wrongLength(let expected, let found): "must have \(expected) bytes, has \(found)"
        case .wrongCount(let expected): "must have \(expected) items"
        }
    }
}
