// SPDX-License-Identifier: Apache-2.0

/// Encodes RLP from the last item to the first into one buffer that is used again.
///
/// Written backwards, every length is known when its header is due: nothing is measured first and nothing moved.
/// To write a list, take ``count`` as a mark, prepend the list's items from the last to the first, and call
/// ``closeList(since:)`` with the mark.
public struct RLPEncoder: ~Copyable {
    private var base: UnsafeMutableRawPointer
    private var capacity: Int
    private var start: Int

    /// An empty encoder with room for some bytes; it grows as needed.
    public init(capacity: Int = 512) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
        start = self.capacity
    }

    deinit {
        base.deallocate()
    }

    /// The number of bytes written so far.
    public var count: Int { capacity &- start }

    /// What has been written, as an array.
    public var bytes: [UInt8] { withUnsafeBytes { [UInt8]($0) } }

    /// Lends what has been written for the duration of a call.
    public borrowing func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base + start, count: count))
    }

    /// Forgets what has been written and keeps the memory.
    public mutating func removeAll() {
        start = capacity
    }

    /// Writes a byte string before what is there.
    @inline(__always)
    public mutating func prepend(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count &+ 9)
        start &-= bytes.count
        if let source = bytes.baseAddress { (base + start).copyMemory(from: source, byteCount: bytes.count) }
        if bytes.count == 1, bytes[0] < 0x80 { return }
        header(0x80, bytes.count)
    }

    /// Writes a byte string before what is there.
    @inline(__always)
    public mutating func prepend(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { prepend($0) }
    }

    /// Writes an integer, big-endian without leading zeros, before what is there.
    public mutating func prepend(_ value: UInt64) {
        reserve(9)
        if value != 0, value < 0x80 {
            start &-= 1
            base.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: start, as: UInt8.self)
            return
        }
        let count = (71 &- value.leadingZeroBitCount) / 8
        var rest = value
        for _ in 0..<count {
            start &-= 1
            base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: start, as: UInt8.self)
            rest &>>= 8
        }
        header(0x80, count)
    }

    /// Writes an integer, big-endian without leading zeros, before what is there.
    public mutating func prepend(_ value: UInt256) {
        let count = value.minimalByteCount
        value.bytes32.withUnsafeBytes { prepend(UnsafeRawBufferPointer(rebasing: $0[(32 - count)...])) }
    }

    /// Makes a list of everything written since a mark, which is an earlier ``count``.
    @inline(__always)
    public mutating func closeList(since mark: Int) {
        precondition(mark >= 0 && mark <= count, "the mark is not an earlier count")
        reserve(9)
        header(0xc0, count &- mark)
    }

    /// Writes a whole tree before what is there.
    public mutating func prepend(_ item: RLPItem) {
        switch item {
        case .bytes(let bytes):
            prepend(bytes)
        case .list(let items):
            let mark = count
            var index = items.count
            while index > 0 {
                index &-= 1
                prepend(items[index])
            }
            closeList(since: mark)
        }
    }

    /// Writes a header; the room for it has been reserved.
    @inline(__always)
    private mutating func header(_ kind: UInt8, _ length: Int) {
        if length < 56 {
            start &-= 1
            base.storeBytes(of: kind &+ UInt8(truncatingIfNeeded: length), toByteOffset: start, as: UInt8.self)
            return
        }
        var rest = length
        var lengthCount: UInt8 = 0
        while rest > 0 {
            start &-= 1
            base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: start, as: UInt8.self)
            rest &>>= 8
            lengthCount &+= 1
        }
        start &-= 1
        base.storeBytes(of: kind &+ 55 &+ lengthCount, toByteOffset: start, as: UInt8.self)
    }

    /// Makes room for some more bytes at the front.
    @inline(__always)
    private mutating func reserve(_ count: Int) {
        if count > start { grow(by: count) }
    }

    @inline(never)
    private mutating func grow(by count: Int) {
        let used = self.count
        let newCapacity = max(2 * capacity, used + count + 64)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
        let newStart = newCapacity - used
        (larger + newStart).copyMemory(from: base + start, byteCount: used)
        base.deallocate()
        base = larger
        capacity = newCapacity
        start = newStart
    }
}
