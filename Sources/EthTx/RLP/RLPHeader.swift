// SPDX-License-Identifier: Apache-2.0

/// The header of one item: where its payload is and whether that is a list.
struct RLPHeader {
    /// The offset of the first payload byte; for a single byte below `0x80` that byte itself.
    let start: Int

    /// The number of payload bytes.
    let count: Int

    let isList: Bool

    /// The offset behind the item.
    @inline(__always)
    var end: Int { start &+ count }
}

extension RLPHeader {
    /// Reads the header at an offset and checks all that is to be checked about it.
    ///
    /// The caller has made sure that `offset < end` and that `end` is inside the input. Lengths are compared as
    /// `length > end - offset`, which cannot overflow.
    @inline(__always)
    init(at offset: Int, of base: UnsafeRawPointer, end: Int, inList: Bool) throws(RLPError) {
        let byte = base.load(fromByteOffset: offset, as: UInt8.self)
        if byte < 0x80 {
            self.init(start: offset, count: 1, isList: false)
        } else if byte < 0xb8 {
            let count = Int(byte &- 0x80)
            guard count <= end &- offset &- 1 else { throw RLPHeader.cut(offset, inList) }
            if count == 1, base.load(fromByteOffset: offset &+ 1, as: UInt8.self) < 0x80 {
                throw .nonMinimalSingleByte(offset: offset)
            }
            self.init(start: offset &+ 1, count: count, isList: false)
        } else if byte >= 0xc0, byte < 0xf8 {
            let count = Int(byte &- 0xc0)
            guard count <= end &- offset &- 1 else { throw RLPHeader.cut(offset, inList) }
            self.init(start: offset &+ 1, count: count, isList: true)
        } else {
            self = try RLPHeader.long(byte, at: offset, of: base, end: end, inList: inList)
        }
    }

    /// A header whose length is in bytes of its own (payloads of 56 bytes and more).
    private static func long(
        _ first: UInt8, at offset: Int, of base: UnsafeRawPointer, end: Int, inList: Bool
    ) throws(RLPError) -> RLPHeader {
        let isList = first >= 0xf8
        let lengthCount = Int(first &- (isList ? 0xf7 : 0xb7))
        guard lengthCount <= end &- offset &- 1 else { throw cut(offset, inList) }
        func byte(_ index: Int) -> Int { Int(base.load(fromByteOffset: offset &+ index, as: UInt8.self)) }
        var count = byte(1)
        guard count != 0 else { throw .leadingZeroLength(offset: offset) }
        // Spelled out: as a loop this costs more than all the rest of a header.
        switch lengthCount {
        case 1: break
        case 2: count = count &<< 8 | byte(2)
        case 3: count = count &<< 16 | byte(2) &<< 8 | byte(3)
        case 4: count = count &<< 24 | byte(2) &<< 16 | byte(3) &<< 8 | byte(4)
        case _: throw .lengthOverflow(offset: offset)
        }
        guard count >= 56 else { throw .longFormForShort(offset: offset) }
        guard count <= Int(Int32.max) else { throw .lengthOverflow(offset: offset) }
        let start = offset &+ 1 &+ lengthCount
        guard count <= end &- start else { throw cut(offset, inList) }
        return RLPHeader(start: start, count: count, isList: isList)
    }

    /// Reads the header at an offset of an item that has been validated as a whole.
    @inline(__always)
    init(validatedAt offset: Int, of base: UnsafeRawPointer) {
        let byte = base.load(fromByteOffset: offset, as: UInt8.self)
        if byte < 0xb8 {
            let start = offset &+ Int(byte &>> 7)
            self.init(start: start, count: offset &- 0x7f &+ max(Int(byte), 0x80) &- start, isList: false)
        } else if byte >= 0xc0, byte < 0xf8 {
            self.init(start: offset &+ 1, count: Int(byte &- 0xc0), isList: true)
        } else {
            let isList = byte >= 0xf8
            let start = offset &+ 1 &+ Int(byte &- (isList ? 0xf7 : 0xb7))
            var count = 0
            for index in (offset &+ 1)..<start {
                count = count &<< 8 | Int(base.load(fromByteOffset: index, as: UInt8.self))
            }
            self.init(start: start, count: count, isList: isList)
        }
    }

    private static func cut(_ offset: Int, _ inList: Bool) -> RLPError {
        inList ? .itemExceedsList(offset: offset) : .truncated(offset: offset)
    }
}
