// SPDX-License-Identifier: Apache-2.0

/// Reads the items of a list one after another, checks every header it passes, and allocates nothing.
///
/// A cursor borrows the memory that it reads: use it inside the closure that lends the bytes, as
/// ``read(_:limits:_:)`` does, and never keep it. What has been skipped as a whole (a list that was not
/// entered) is checked by ``skip()`` only as far as its header; ``RLP/validate(_:limits:)-(UnsafeRawBufferPointer,_)``
/// checks everything.
public struct RLPCursor {
    private let base: UnsafeRawPointer
    private let end: Int
    private var position: Int

    @inline(__always)
    init(base: UnsafeRawPointer, start: Int, end: Int) {
        self.base = base
        self.end = end
        position = start
    }

    /// Enters the list that the whole input must be, and checks that the body has read it to its end.
    public static func read<Result>(
        _ bytes: [UInt8], limits: RLPLimits = RLPLimits(), _ body: (inout RLPCursor) throws(RLPError) -> Result
    ) throws(RLPError) -> Result {
        try bytes.lendBytes { buffer throws(RLPError) in
            guard buffer.count <= limits.bytes else { throw .tooLong(bytes: buffer.count, limit: limits.bytes) }
            var cursor = try RLPCursor(list: buffer)
            let result = try body(&cursor)
            guard cursor.isAtEnd else { throw .trailingBytes(offset: cursor.offset) }
            return result
        }
    }

    /// Enters the list that the whole input must be; the memory must outlive the cursor.
    public init(list bytes: UnsafeRawBufferPointer) throws(RLPError) {
        guard let base = bytes.baseAddress, bytes.count > 0 else { throw .emptyInput }
        let header = try RLPHeader(at: 0, of: base, end: bytes.count, inList: false)
        guard header.isList else { throw .unexpectedString(offset: 0) }
        guard header.end == bytes.count else { throw .trailingBytes(offset: header.end) }
        self.init(base: base, start: header.start, end: header.end)
    }

    /// The offset of the next item from the start of the input.
    public var offset: Int { position }

    /// Whether all items of the list have been read.
    @inline(__always)
    public var isAtEnd: Bool { position == end }

    /// Whether the next item is a list; `false` at the end.
    public var isAtList: Bool {
        position < end && base.load(fromByteOffset: position, as: UInt8.self) >= 0xc0
    }

    /// Reads a byte string; the memory is the input's own.
    @inline(__always)
    public mutating func bytes() throws(RLPError) -> UnsafeRawBufferPointer {
        let header = try next()
        guard !header.isList else { throw .unexpectedList(offset: position) }
        position = header.end
        return UnsafeRawBufferPointer(start: base + header.start, count: header.count)
    }

    /// Reads a byte string of at most 55 bytes with few branches; `nil` for anything else, and for anything wrong.
    @inline(__always)
    mutating func shortBytes() -> UnsafeRawBufferPointer? {
        guard position < end else { return nil }
        let byte = base.load(fromByteOffset: position, as: UInt8.self)
        let next = position &- 0x7f &+ max(Int(byte), 0x80)
        guard byte < 0xb8, next <= end else { return nil }
        let last = base.load(fromByteOffset: next &- 1, as: UInt8.self)
        guard (byte ^ 0x81) | (last & 0x80) != 0 else { return nil }
        let start = position &+ Int(byte &>> 7)
        position = next
        return UnsafeRawBufferPointer(start: base + start, count: next &- start)
    }

    /// Enters a list; the cursor itself moves behind it.
    @inline(__always)
    public mutating func list() throws(RLPError) -> RLPCursor {
        let header = try next()
        guard header.isList else { throw .unexpectedString(offset: position) }
        position = header.end
        return RLPCursor(base: base, start: header.start, end: header.end)
    }

    /// Moves behind the next item, whatever it is.
    public mutating func skip() throws(RLPError) {
        position = try next().end
    }

    @inline(__always)
    private func next() throws(RLPError) -> RLPHeader {
        guard position < end else { throw .missingItem(offset: position) }
        return try RLPHeader(at: position, of: base, end: end, inList: true)
    }
}
