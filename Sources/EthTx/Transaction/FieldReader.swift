// SPDX-License-Identifier: Apache-2.0

/// Reads the fields of a transaction from a list and says which one is wrong.
struct FieldReader {
    private var cursor: RLPCursor
    private let fieldCount: Int

    /// The end of the input: what can be read with whole 8-byte loads ends here.
    private let limit: UnsafeRawPointer?

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
        limit = bytes.baseAddress.map { $0 + bytes.count }
    }

    /// Checks that the list ends here.
    @inline(__always)
    func finish() throws(TransactionError) {
        guard cursor.isAtEnd else { throw .wrongFieldCount(expected: fieldCount) }
    }

    @inline(__always)
    mutating func bytes(_ field: TransactionField) throws(TransactionError) -> UnsafeRawBufferPointer {
        if let bytes = cursor.shortBytes() { return bytes }
        return try longBytes(field)
    }

    @inline(never)
    private mutating func longBytes(_ field: TransactionField) throws(TransactionError) -> UnsafeRawBufferPointer {
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
        return word(bytes)
    }

    @inline(__always)
    mutating func uint256(_ field: TransactionField) throws(TransactionError) -> UInt256 {
        let bytes = try bytes(field)
        guard bytes.count > 0 else { return .zero }
        guard bytes[0] != 0 else { throw .field(field, .leadingZero) }
        if bytes.count <= 8 { return UInt256(word(bytes)) }
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

    /// r and s, the last two fields.
    @inline(__always)
    mutating func signature(yParity: Bool) throws(TransactionError) -> Signature {
        let r = try uint256(.r)
        let s = try uint256(.s)
        try finish()
        let signature = Signature(unchecked: yParity, r: r, s: s)
        if let fault = signature.fault { throw .signature(fault) }
        return signature
    }

    /// yParity, r and s of a typed transaction, the last three fields.
    @inline(__always)
    mutating func typedSignature() throws(TransactionError) -> Signature {
        let parity = try uint256(.yParity)
        guard parity.limb0 <= 1, parity.significantBitCount <= 1 else { throw .signature(.invalidYParity) }
        return try signature(yParity: parity.limb0 == 1)
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

    /// Reads 1...8 bytes, big-endian.
    @inline(__always)
    private func word(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        if let start = bytes.baseAddress, let limit, limit - start >= 8 {
            return UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)) &>> UInt64(64 &- 8 &* bytes.count)
        }
        return FieldReader.lastWord(bytes)
    }

    /// The same where the input ends within eight bytes.
    @inline(never)
    private static func lastWord(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        bytes.reduce(0) { $0 &<< 8 | UInt64($1) }
    }

    /// Reads 9...32 bytes, big-endian.
    @inline(never)
    private static func wide(_ bytes: UnsafeRawBufferPointer) -> UInt256 {
        let count = bytes.count
        func word(at offset: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        func first(_ count: Int) -> UInt64 { word(at: 0) &>> UInt64(64 &- 8 &* count) }
        let low = word(at: count &- 8)
        if count <= 16 { return UInt256(limbs: (low, first(count &- 8), 0, 0)) }
        if count <= 24 { return UInt256(limbs: (low, word(at: count &- 16), first(count &- 16), 0)) }
        return UInt256(limbs: (low, word(at: count &- 16), word(at: count &- 24), first(count &- 24)))
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
