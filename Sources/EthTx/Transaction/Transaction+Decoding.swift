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
        UnsafeRawBufferPointer(rebasing: raw[1...])
    }
}

extension EIP1559Transaction {
    /// Decodes the bytes of a signed transaction of type 2, strictly, without hashing anything.
    ///
    /// For throughput: ``Transaction/decode(_:)-(UnsafeRawBufferPointer)`` gives the same for every kind and costs a
    /// third more. Bytes that begin with another type byte are refused as of an unknown type.
    public static func decode(
        signed raw: UnsafeRawBufferPointer
    ) throws(TransactionError) -> (transaction: EIP1559Transaction, signature: Signature) {
        guard let first = raw.first else { throw .rlp(.emptyInput) }
        guard first == 2 else { throw first < 0x80 ? .unknownType(first) : .notATransaction(firstByte: first) }
        return try decode(UnsafeRawBufferPointer(rebasing: raw[1...]))
    }

    /// Decodes what follows the type byte.
    @inline(__always)
    static func decode(
        _ payload: UnsafeRawBufferPointer
    ) throws(TransactionError) -> (transaction: EIP1559Transaction, signature: Signature) {
        var transaction = EIP1559Transaction(
            chainID: .zero, nonce: 0, maxPriorityFeePerGas: .zero, maxFeePerGas: .zero, gasLimit: 0, to: nil)
        var signature = Signature(unchecked: false, r: .zero, s: .zero)
        try transaction.fill(from: payload, &signature)
        return (transaction, signature)
    }

    /// Decodes every field to its place: to hand values of this size around costs more than to decode them.
    @inline(never)
    private mutating func fill(
        from payload: UnsafeRawBufferPointer, _ signature: inout Signature
    ) throws(TransactionError) {
        var reader = try FieldReader(payload, fieldCount: 12)
        chainID = try reader.uint256(.chainID)
        nonce = try reader.uint64(.nonce)
        maxPriorityFeePerGas = try reader.uint256(.maxPriorityFeePerGas)
        maxFeePerGas = try reader.uint256(.maxFeePerGas)
        gasLimit = try reader.uint64(.gasLimit)
        to = try reader.recipient()
        value = try reader.uint256(.value)
        data = [UInt8](try reader.bytes(.data))
        accessList = try reader.accessList()
        signature = try reader.typedSignature()
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
