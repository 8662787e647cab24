// SPDX-License-Identifier: Apache-2.0

/// Recursive Length Prefix, the encoding of Ethereum's data structures (Yellow Paper, appendix B).
public enum RLP {
    /// Checks that bytes are exactly one canonical item, without an allocation.
    ///
    /// Returns the number of items in it, itself and lists included.
    @discardableResult
    public static func validate(
        _ bytes: UnsafeRawBufferPointer, limits: RLPLimits = RLPLimits()
    ) throws(RLPError) -> Int {
        guard let base = bytes.baseAddress, bytes.count > 0 else { throw .emptyInput }
        guard bytes.count <= limits.bytes else { throw .tooLong(bytes: bytes.count, limit: limits.bytes) }
        return try walk(base, count: bytes.count, limits: limits)
    }

    /// Checks that bytes are exactly one canonical item.
    ///
    /// Returns the number of items in it, itself and lists included.
    @discardableResult
    public static func validate(_ bytes: [UInt8], limits: RLPLimits = RLPLimits()) throws(RLPError) -> Int {
        try bytes.lendBytes { buffer throws(RLPError) in try validate(buffer, limits: limits) }
    }

    /// Visits every header once; the ends of the open lists are kept on a stack of
    /// ``RLPLimits/greatestDepth`` places.
    private static func walk(_ base: UnsafeRawPointer, count: Int, limits: RLPLimits) throws(RLPError) -> Int {
        var ends = [256 of UInt32](repeating: 0)
        var depth = 0
        var end = count
        var position = 0
        var items = 0
        while true {
            // Byte strings of up to 55 bytes in an open list, which most items are.
            while depth > 0, position < end {
                let byte = base.load(fromByteOffset: position, as: UInt8.self)
                if byte >= 0xb8 { break }
                if byte == 0xa0 {
                    // 32 bytes: hashes come in rows, and a predicted branch need not wait for the length.
                    guard 33 <= end &- position else { throw .itemExceedsList(offset: position) }
                    items &+= 1
                    guard items <= limits.items else { throw .tooManyItems(limit: limits.items) }
                    position &+= 33
                    continue
                }
                // No processor can predict the other lengths: no branch here. A byte below 0x80 is its own payload.
                let next = position &- 0x7f &+ Int(max(byte, 0x80))
                guard next <= end else { throw .itemExceedsList(offset: position) }
                let last = base.load(fromByteOffset: next &- 1, as: UInt8.self)
                if (byte ^ 0x81) | (last & 0x80) == 0 { throw .nonMinimalSingleByte(offset: position) }
                items &+= 1
                guard items <= limits.items else { throw .tooManyItems(limit: limits.items) }
                position = next
            }
            while position == end {
                if depth == 0 { return items }
                depth &-= 1
                end = Int(ends[depth])
            }
            if depth == 0, items > 0 { throw .trailingBytes(offset: position) }
            let header = try RLPHeader(at: position, of: base, end: end, inList: depth > 0)
            items &+= 1
            guard items <= limits.items else { throw .tooManyItems(limit: limits.items) }
            if header.isList {
                guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
                ends[depth] = UInt32(truncatingIfNeeded: end)
                depth &+= 1
                end = header.end
                position = header.start
            } else {
                position = header.end
            }
        }
    }
}
