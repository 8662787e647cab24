// SPDX-License-Identifier: Apache-2.0

/// An RLP item as a tree: for those who need all of it at once.
///
/// Whoever reads known fields is served better by ``RLPCursor``, which allocates nothing.
public enum RLPItem: Sendable, Hashable {
    /// A byte string.
    case bytes([UInt8])
    /// A list of items.
    case list([RLPItem])
}

extension RLPItem {
    /// Decodes bytes that are exactly one canonical item.
    public init(decoding bytes: [UInt8], limits: RLPLimits = RLPLimits()) throws(RLPError) {
        self = try bytes.lendBytes { buffer throws(RLPError) in
            try RLPItem(decoding: buffer, limits: limits)
        }
    }

    /// Decodes bytes that are exactly one canonical item.
    public init(decoding bytes: UnsafeRawBufferPointer, limits: RLPLimits = RLPLimits()) throws(RLPError) {
        try RLP.validate(bytes, limits: limits)
        guard let base = bytes.baseAddress else { throw .emptyInput }
        self = RLPItem.build(RLPHeader(validatedAt: 0, of: base), base)
    }

    /// Builds the tree of an item that has been validated; the depth limit bounds the recursion.
    private static func build(_ header: RLPHeader, _ base: UnsafeRawPointer) -> RLPItem {
        guard header.isList else { return leaf(header, base) }
        let end = header.end
        var count = 0
        var position = header.start
        while position < end {
            position = RLPHeader(validatedAt: position, of: base).end
            count &+= 1
        }
        var items: [RLPItem] = []
        items.reserveCapacity(count)
        position = header.start
        while position < end {
            let child = RLPHeader(validatedAt: position, of: base)
            items.append(child.isList ? build(child, base) : leaf(child, base))
            position = child.end
        }
        return .list(items)
    }

    @inline(__always)
    private static func leaf(_ header: RLPHeader, _ base: UnsafeRawPointer) -> RLPItem {
        if header.count == 1 {
            return .bytes(singleBytes[Int(base.load(fromByteOffset: header.start, as: UInt8.self))])
        }
        return .bytes([UInt8](UnsafeRawBufferPointer(start: base + header.start, count: header.count)))
    }

    /// The one canonical encoding.
    public var encoded: [UInt8] {
        var encoder = RLPEncoder()
        encoder.prepend(self)
        return encoder.bytes
    }
}

extension RLPItem: ExpressibleByArrayLiteral {
    /// A list.
    public init(arrayLiteral elements: RLPItem...) { self = .list(elements) }
}
