// SPDX-License-Identifier: Apache-2.0

/// Writes RLP forwards into memory that is known to be large enough.
///
/// Every integer is stored with whole 8-byte stores, so up to 7 bytes behind the last one may be overwritten;
/// ``slack`` is the room that callers leave for it.
struct PayloadWriter {
    static let slack = 8

    let base: UnsafeMutableRawPointer
    var offset: Int

    @inline(__always)
    init(base: UnsafeMutableRawPointer, offset: Int) {
        self.base = base
        self.offset = offset
    }

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        base.storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
        offset &+= 1
    }

    @inline(__always)
    mutating func integer(_ value: UInt64) {
        if value < 0x80 {
            byte(value == 0 ? 0x80 : UInt8(truncatingIfNeeded: value))
            return
        }
        let unused = value.leadingZeroBitCount & ~7
        let count = 8 &- unused &>> 3
        byte(0x80 &+ UInt8(truncatingIfNeeded: count))
        store(value &<< UInt64(unused), advancing: count)
    }

    @inline(__always)
    mutating func integer(_ value: UInt256) {
        if value.limb1 | value.limb2 | value.limb3 == 0 { return integer(value.limb0) }
        let count = value.minimalByteCount
        byte(0x80 &+ UInt8(truncatingIfNeeded: count))
        if value.limb3 != 0 {
            limb(value.limb3, bytes: count &- 24)
            store(value.limb2, advancing: 8)
            store(value.limb1, advancing: 8)
        } else if value.limb2 != 0 {
            limb(value.limb2, bytes: count &- 16)
            store(value.limb1, advancing: 8)
        } else {
            limb(value.limb1, bytes: count &- 8)
        }
        store(value.limb0, advancing: 8)
    }

    @inline(__always)
    mutating func address(_ address: Address?) {
        guard let address else { return byte(0x80) }
        byte(0x94)
        raw(address)
    }

    @inline(__always)
    mutating func bytes(_ bytes: [UInt8]) {
        let count = bytes.count
        if count == 1, bytes[0] < 0x80 { return byte(bytes[0]) }
        header(0x80, count)
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress { (base + offset).copyMemory(from: start, byteCount: count) }
        }
        offset &+= count
    }

    mutating func accessList(_ entries: [AccessListEntry]) {
        var payload = 0
        for entry in entries { payload &+= PayloadWriter.encodedCount(of: PayloadWriter.payloadCount(of: entry)) }
        header(0xc0, payload)
        for entry in entries {
            header(0xc0, PayloadWriter.payloadCount(of: entry))
            byte(0x94)
            raw(entry.address)
            header(0xc0, 33 &* entry.storageKeys.count)
            for key in entry.storageKeys {
                byte(0xa0)
                key.withUnsafeBytes { copy($0) }
            }
        }
    }

    /// Writes a header; `kind` is `0x80` for a byte string and `0xc0` for a list.
    @inline(__always)
    mutating func header(_ kind: UInt8, _ length: Int) {
        if length < 56 {
            byte(kind &+ UInt8(truncatingIfNeeded: length))
            return
        }
        let word = UInt64(truncatingIfNeeded: length)
        let unused = word.leadingZeroBitCount & ~7
        let count = 8 &- unused &>> 3
        byte(kind &+ 55 &+ UInt8(truncatingIfNeeded: count))
        store(word &<< UInt64(unused), advancing: count)
    }

    @inline(__always)
    private mutating func raw(_ address: Address) {
        address.withUnsafeBytes { copy($0) }
    }

    @inline(__always)
    private mutating func copy(_ source: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(start: base + offset, count: source.count).copyMemory(from: source)
        offset &+= source.count
    }

    @inline(__always)
    private mutating func limb(_ value: UInt64, bytes count: Int) {
        store(value &<< UInt64(64 &- 8 &* count), advancing: count)
    }

    @inline(__always)
    private mutating func store(_ word: UInt64, advancing count: Int) {
        base.storeBytes(of: word.bigEndian, toByteOffset: offset, as: UInt64.self)
        offset &+= count
    }
}

extension PayloadWriter {
    /// The number of bytes of an item with its header, at least; exact for lists.
    static func encodedCount(of payload: Int) -> Int {
        payload < 56 ? payload &+ 1 : payload &+ 9 &- UInt64(truncatingIfNeeded: payload).leadingZeroBitCount &>> 3
    }

    static func payloadCount(of entry: AccessListEntry) -> Int {
        21 &+ encodedCount(of: 33 &* entry.storageKeys.count)
    }

    /// The room that a list of these entries needs, at most.
    static func bound(of entries: [AccessListEntry]) -> Int {
        var bound = 9
        for entry in entries { bound &+= encodedCount(of: payloadCount(of: entry)) }
        return bound
    }
}
