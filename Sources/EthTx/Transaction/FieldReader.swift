// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of a transaction from a list and says which one is wrong.
struct FieldReader {
    private var cursor: RLPCursor
    private let fieldCount: Int

    /// Enters the list of fields that the bytes must be.
    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer, fieldCount: Int) throws(TransactionError) {
        do {
            cursor = try RLPCursor(list: bytes)
        } catch .unexpectedString {
            throw .payloadNotList
        } catch {
            throw .rlp(error)
        }
        self.fieldCount = fieldCount
    }

    /// Checks that the list ends here.
    @inline(__always)
    func finish() throws(TransactionError) {
        guard cursor.isAtEnd else { throw .wrongFieldCount(expected: fieldCount) }
    }

    @inline(__always)
    mutating func bytes(_ field: TransactionField) throws(TransactionError) -> UnsafeRawBufferPointer {
        do {
            return try cursor.bytes()
        } catch {
            throw fault(error, field)
        }
    }

    @inline(__always)
    mutating func uint64(_ field: TransactionField) throws(TransactionError) -> UInt64 {
        let bytes = try bytes(field)
        guard bytes.count > 0 else { return 0 }
        guard bytes[0] != 0 else { throw .field(field, .leadingZero) }
        guard bytes.count <= 8 else { throw .field(field, .overflow(bits: 64)) }
        return FieldReader.word(bytes, 0, bytes.count)
    }

    @inline(__always)
    mutating func uint256(_ field: TransactionField) throws(TransactionError) -> UInt256 {
        let bytes = try bytes(field)
        guard bytes.count > 0 else { return .zero }
        guard bytes[0] != 0 else { throw .field(field, .leadingZero) }
        if bytes.count <= 8 { return UInt256(FieldReader.word(bytes, 0, bytes.count)) }
        guard bytes.count <= 32 else { throw .field(field, .overflow(bits: 256)) }
        return FieldReader.wide(bytes)
    }

    @inline(__always)
    mutating func recipient() throws(TransactionError) -> Address? {
        let bytes = try bytes(.to)
        if bytes.count == 0 { return nil }
        guard let address = Address(bytes: bytes) else {
            throw .field(.to, .wrongLength(expected: 20, found: bytes.count))
        }
        return address
    }

    @inline(__always)
    mutating func accessList() throws(TransactionError) -> [AccessListEntry] {
        var entries: RLPCursor
        do {
            entries = try cursor.list()
        } catch {
            throw fault(error, .accessList)
        }
        if entries.isAtEnd { return [] }
        return try FieldReader.entries(&entries)
    }

    @inline(__always)
    mutating func signature(yParity: Bool) throws(TransactionError) -> Signature {
        let r = try uint256(.r)
        let s = try uint256(.s)
        try finish()
        do {
            return try Signature(yParity: yParity, r: r, s: s)
        } catch {
            throw .signature(error)
        }
    }

    /// yParity, r and s of a typed transaction, the last three fields.
    @inline(__always)
    mutating func typedSignature() throws(TransactionError) -> Signature {
        let parity = try uint256(.yParity)
        guard parity <= 1 else { throw .signature(.invalidYParity) }
        return try signature(yParity: !parity.isZero)
    }

    @inline(never)
    private func fault(_ error: RLPError, _ field: TransactionField) -> TransactionError {
        switch error {
        case .missingItem: .wrongFieldCount(expected: fieldCount)
        case .unexpectedList: .field(field, .isList)
        case .unexpectedString: .field(field, .isString)
        case .emptyInput, .truncated, .trailingBytes, .nonMinimalSingleByte, .longFormForShort, .leadingZeroLength,
            .lengthOverflow, .itemExceedsList, .tooDeep, .tooLong, .tooManyItems:
            .rlp(error)
        }
    }

    @inline(__always)
    private static func word(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in start..<(start &+ count) { value = value &<< 8 | UInt64(bytes[index]) }
        return value
    }

    /// Reads 9...32 bytes, big-endian: the last words whole, the first one bytewise.
    private static func wide(_ bytes: UnsafeRawBufferPointer) -> UInt256 {
        let count = bytes.count
        func whole(_ fromEnd: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: count &- fromEnd, as: UInt64.self))
        }
        if count == 32 { return UInt256(limbs: (whole(8), whole(16), whole(24), whole(32))) }
        if count > 24 { return UInt256(limbs: (whole(8), whole(16), whole(24), word(bytes, 0, count &- 24))) }
        if count > 16 { return UInt256(limbs: (whole(8), whole(16), word(bytes, 0, count &- 16), 0)) }
        return UInt256(limbs: (whole(8), word(bytes, 0, count &- 8), 0, 0))
    }

    private static func entries(_ entries: inout RLPCursor) throws(TransactionError) -> [AccessListEntry] {
        var result: [AccessListEntry] = []
        while !entries.isAtEnd {
            var entry: RLPCursor
            do { entry = try entries.list() } catch { throw listFault(error, .accessListEntry) }
            let addressBytes: UnsafeRawBufferPointer
            do { addressBytes = try entry.bytes() } catch { throw listFault(error, .accessListAddress) }
            guard let address = Address(bytes: addressBytes) else {
                throw .field(.accessListAddress, .wrongLength(expected: 20, found: addressBytes.count))
            }
            var keys: RLPCursor
            do { keys = try entry.list() } catch { throw listFault(error, .accessListStorageKeys) }
            guard entry.isAtEnd else { throw .field(.accessListEntry, .wrongCount(expected: 2)) }
            var storageKeys: [Bytes32] = []
            while !keys.isAtEnd {
                let keyBytes: UnsafeRawBufferPointer
                do { keyBytes = try keys.bytes() } catch { throw listFault(error, .accessListStorageKey) }
                guard let key = Bytes32(bytes: keyBytes) else {
                    throw .field(.accessListStorageKey, .wrongLength(expected: 32, found: keyBytes.count))
                }
                storageKeys.append(key)
            }
            result.append(AccessListEntry(address: address, storageKeys: storageKeys))
        }
        return result
    }

    private static func listFault(_ error: RLPError, _ field: TransactionField) -> TransactionError {
        switch error {
        case .missingItem: .field(.accessListEntry, .wrongCount(expected: 2))
        case .unexpectedList: .field(field, .isList)
        case .unexpectedString: .field(field, .isString)
        case .emptyInput, .truncated, .trailingBytes, .nonMinimalSingleByte, .longFormForShort, .leadingZeroLength,
            .lengthOverflow, .itemExceedsList, .tooDeep, .tooLong, .tooManyItems:
            .rlp(error)
        }
    }
}
