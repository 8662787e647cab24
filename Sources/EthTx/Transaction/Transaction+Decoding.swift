// SPDX-License-Identifier: Apache-2.0

extension Transaction {
    /// Decodes the bytes of a signed transaction of a known kind, strictly, without hashing anything.
    ///
    /// ``SignedTransaction/init(decoding:)`` gives the same with bytes and hash.
    public static func decode(
        _ raw: [UInt8]
    ) throws(TransactionError) -> (transaction: Transaction, signature: Signature) {
        try raw.lendBytes { bytes throws(TransactionError) in try decode(bytes) }
    }

    /// Decodes the bytes of a signed transaction of a known kind, strictly, without hashing anything.
    public static func decode(
        _ raw: UnsafeRawBufferPointer
    ) throws(TransactionError) -> (transaction: Transaction, signature: Signature) {
        guard let first = raw.first else { throw .rlp(.emptyInput) }
        switch first {
        case 2:
            let (transaction, signature) = try EIP1559Transaction.decode(payload(of: raw))
            return (.eip1559(transaction), signature)
        case 1:
            let (transaction, signature) = try EIP2930Transaction.decode(payload(of: raw))
            return (.eip2930(transaction), signature)
        case 0xc0...0xff:
            let (transaction, signature) = try LegacyTransaction.decode(raw)
            return (.legacy(transaction), signature)
        case 0x80...0xbf:
            throw .notATransaction(firstByte: first)
        case let typeByte:
            throw .unknownType(typeByte)
        }
    }

    private static func payload(of raw: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: raw.dropFirst())
    }
}

extension EIP1559Transaction {
    /// Decodes what follows the type byte.
    @inline(__always)
    static func decode(_ payload: UnsafeRawBufferPointer) throws(TransactionError) -> (EIP1559Transaction, Signature) {
        var reader = try FieldReader(payload, fieldCount: 12)
        let transaction = EIP1559Transaction(
            chainID: try reader.uint256(.chainID),
            nonce: try reader.uint64(.nonce),
            maxPriorityFeePerGas: try reader.uint256(.maxPriorityFeePerGas),
            maxFeePerGas: try reader.uint256(.maxFeePerGas),
            gasLimit: try reader.uint64(.gasLimit),
            to: try reader.recipient(),
            value: try reader.uint256(.value),
            data: [UInt8](try reader.bytes(.data)),
            accessList: try reader.accessList()
        )
        return (transaction, try reader.typedSignature())
    }
}

extension EIP2930Transaction {
    /// Decodes what follows the type byte.
    static func decode(_ payload: UnsafeRawBufferPointer) throws(TransactionError) -> (EIP2930Transaction, Signature) {
        var reader = try FieldReader(payload, fieldCount: 11)
        let transaction = EIP2930Transaction(
            chainID: try reader.uint256(.chainID),
            nonce: try reader.uint64(.nonce),
            gasPrice: try reader.uint256(.gasPrice),
            gasLimit: try reader.uint64(.gasLimit),
            to: try reader.recipient(),
            value: try reader.uint256(.value),
            data: [UInt8](try reader.bytes(.data)),
            accessList: try reader.accessList()
        )
        return (transaction, try reader.typedSignature())
    }
}

extension LegacyTransaction {
    /// Decodes the whole transaction.
    static func decode(_ raw: UnsafeRawBufferPointer) throws(TransactionError) -> (LegacyTransaction, Signature) {
        var reader = try FieldReader(raw, fieldCount: 9)
        var transaction = LegacyTransaction(
            chainID: nil,
            nonce: try reader.uint64(.nonce),
            gasPrice: try reader.uint256(.gasPrice),
            gasLimit: try reader.uint64(.gasLimit),
            to: try reader.recipient(),
            value: try reader.uint256(.value),
            data: [UInt8](try reader.bytes(.data))
        )
        let v = try reader.uint256(.v)
        let yParity: Bool
        if v == 27 || v == 28 {
            yParity = v == 28
        } else {
            guard let rest = v.subtracting(35) else { throw .signature(.invalidV) }
            yParity = rest.limb0 & 1 == 1
            transaction.chainID = rest.halved
        }
        return (transaction, try reader.signature(yParity: yParity))
    }
}

extension UInt256 {
    /// Half of the number, rounded down.
    fileprivate var halved: UInt256 {
        UInt256(
            limbs: (
                limb0 >> 1 | limb1 << 63, limb1 >> 1 | limb2 << 63, limb2 >> 1 | limb3 << 63, limb3 >> 1
            ))
    }
}
