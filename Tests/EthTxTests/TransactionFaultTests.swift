// SPDX-License-Identifier: Apache-2.0

import EthTx
import Testing

@Suite("Malformed transactions")
struct TransactionFaultTests {
    /// The fields of a sound transaction of type 2; each test breaks one.
    static func fields() -> [RLPItem] {
        [
            .bytes([1]), .bytes([9]), .bytes([2]), .bytes([3]), .bytes([0x52, 0x08]),
            .bytes([UInt8](repeating: 0x35, count: 20)), .bytes([1]), .bytes([]),
            [[.bytes([UInt8](repeating: 0x11, count: 20)), [.bytes([UInt8](repeating: 0x22, count: 32))]]],
            .bytes([]), .bytes([UInt8](repeating: 1, count: 32)), .bytes([UInt8](repeating: 2, count: 32)),
        ]
    }

    static func raw(_ fields: [RLPItem]) -> [UInt8] { [2] + RLPItem.list(fields).encoded }

    @Test("The sound transaction decodes")
    func sound() throws {
        #expect(try SignedTransaction(decoding: Self.raw(Self.fields())).raw == Self.raw(Self.fields()))
    }

    static let integers: [(Int, TransactionField, Int)] = [
        (0, .chainID, 256), (1, .nonce, 64), (2, .maxPriorityFeePerGas, 256), (3, .maxFeePerGas, 256),
        (4, .gasLimit, 64), (6, .value, 256), (9, .yParity, 256), (10, .r, 256), (11, .s, 256),
    ]

    @Test("An integer with a leading zero, too wide, or replaced by a list is refused by name", arguments: integers)
    func integerFaults(index: Int, field: TransactionField, bits: Int) {
        let faults: [(RLPItem, TransactionFieldFault)] = [
            (.bytes([0, 1]), .leadingZero), (.bytes([0]), .leadingZero), ([], .isList),
            (.bytes([1] + [UInt8](repeating: 0, count: bits / 8)), .overflow(bits: bits)),
        ]
        for (item, fault) in faults {
            var fields = Self.fields()
            fields[index] = item
            #expect(throws: TransactionError.field(field, fault)) { try SignedTransaction(decoding: Self.raw(fields)) }
        }
    }

    static let shapes: [(Int, RLPItem, TransactionError)] = [
        (5, .bytes([1]), .field(.to, .wrongLength(expected: 20, found: 1))), (5, [], .field(.to, .isList)),
        (7, [], .field(.data, .isList)), (8, .bytes([]), .field(.accessList, .isString)),
        (8, [.bytes([])], .field(.accessListEntry, .isString)),
        (8, [[]], .field(.accessListEntry, .wrongCount(expected: 2))),
        (8, [[.bytes([1]), []]], .field(.accessListAddress, .wrongLength(expected: 20, found: 1))),
        (
            8, [[.bytes([UInt8](repeating: 1, count: 20)), .bytes([])]], .field(.accessListStorageKeys, .isString)
        ),
        (
            8, [[.bytes([UInt8](repeating: 1, count: 20)), [.bytes([1])]]],
            .field(.accessListStorageKey, .wrongLength(expected: 32, found: 1))
        ),
        (
            8, [[.bytes([UInt8](repeating: 1, count: 20)), [], []]], .field(.accessListEntry, .wrongCount(expected: 2))
        ),
        (9, .bytes([2]), .signature(.invalidYParity)), (10, .bytes([]), .signature(.rOutOfRange)),
        (11, .bytes([]), .signature(.sOutOfRange)),
        (11, .bytes([UInt8](repeating: 0x80, count: 32)), .signature(.highS)),
        (10, .bytes([UInt8](repeating: 0xff, count: 32)), .signature(.rOutOfRange)),
    ]

    @Test("A field of another shape is refused by name", arguments: shapes)
    func shapeFaults(index: Int, item: RLPItem, error: TransactionError) {
        var fields = Self.fields()
        fields[index] = item
        #expect(throws: error) { try SignedTransaction(decoding: Self.raw(fields)) }
    }

    @Test("One field too many or too few is refused")
    func fieldCount() {
        let fields = Self.fields()
        #expect(throws: TransactionError.wrongFieldCount(expected: 12)) {
            try SignedTransaction(decoding: Self.raw(fields + [.bytes([1])]))
        }
        for count in 0..<12 {
            #expect(throws: TransactionError.wrongFieldCount(expected: 12)) {
                try SignedTransaction(decoding: Self.raw(Array(fields.prefix(count))))
            }
        }
        #expect(throws: TransactionError.payloadNotList) { try SignedTransaction(decoding: [2, 0x80]) }
        #expect(throws: TransactionError.rlp(.trailingBytes(offset: 1))) {
            try SignedTransaction(decoding: [2, 0xc0, 0])
        }
    }

    @Test("v below 35 other than 27 and 28 is refused", arguments: [0, 1, 26, 29, 34] as [UInt8])
    func invalidV(v: UInt8) {
        let fields: [RLPItem] = [
            .bytes([9]), .bytes([2]), .bytes([0x52, 0x08]), .bytes([UInt8](repeating: 0x35, count: 20)), .bytes([1]),
            .bytes([]), .bytes(v == 0 ? [] : [v]), .bytes([1]), .bytes([1]),
        ]
        #expect(throws: TransactionError.signature(.invalidV)) {
            try SignedTransaction(decoding: RLPItem.list(fields).encoded)
        }
    }

    @Test("Each error says how far decoding got")
    func layers() {
        #expect(TransactionError.rlp(.emptyInput).layer == .rlp)
        #expect(TransactionError.unknownType(3).layer == .rlp)
        #expect(TransactionError.field(.nonce, .isList).layer == .fields)
        #expect(TransactionError.signature(.highS).layer == .signature)
    }
}
