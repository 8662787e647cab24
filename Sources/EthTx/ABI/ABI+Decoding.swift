// SPDX-License-Identifier: Apache-2.0

extension ABI {
    /// Decodes values by their types, strictly.
    public static func decode(
        _ data: [UInt8], as types: [ABIType], strictness: ABIStrictness = .canonical
    ) throws(ABIError) -> [ABIValue] {
        var decoder = ABIDecoder(data: data, isCanonical: strictness == .canonical)
        let values = try decoder.sequence(types, at: 0)
        if strictness == .canonical, decoder.end != data.count { throw .trailingBytes(offset: decoder.end) }
        return values
    }
}

/// Decodes one sequence of values; every read is checked against the bounds of the data.
private struct ABIDecoder {
    let data: [UInt8]
    let isCanonical: Bool

    /// The end of what has been read so far: where the next tail begins in the canonical encoding.
    private(set) var end = 0

    /// How many values may still be decoded: offsets that point twice to the same place must not multiply them.
    private var budget: Int

    init(data: [UInt8], isCanonical: Bool) {
        self.data = data
        self.isCanonical = isCanonical
        budget = 1024 + data.count
    }

    /// Decodes heads at an offset and the tails that they point to, counted from that offset.
    mutating func sequence(_ types: [ABIType], at start: Int) throws(ABIError) -> [ABIValue] {
        let headCount = types.reduce(0) { $0 + $1.headByteCount }
        guard headCount <= data.count - start else { throw .truncated(offset: start) }
        end = max(end, start + headCount)
        var values: [ABIValue] = []
        var head = start
        for type in types {
            let place = type.isDynamic ? try tail(at: head, from: start) : head
            values.append(try value(type, at: place))
            head += type.headByteCount
        }
        return values
    }

    /// Follows the offset in a head.
    private func tail(at head: Int, from start: Int) throws(ABIError) -> Int {
        let relative = try length(at: head)
        guard let relative, relative <= data.count - start else { throw .invalidOffset(offset: head) }
        if isCanonical, start + relative != end { throw .invalidOffset(offset: head) }
        return start + relative
    }

    private mutating func value(_ type: ABIType, at place: Int) throws(ABIError) -> ABIValue {
        budget -= 1
        guard budget >= 0 else { throw .tooManyValues }
        switch type {
        case .uint(let bits):
            let number = try word(at: place)
            guard number.significantBitCount <= bits else { throw .dirtyPadding(offset: place) }
            return .uint(number)
        case .int(let bits):
            let number = Int256(bitPattern: try word(at: place))
            guard number.fits(bits: bits) else { throw .dirtyPadding(offset: place) }
            return .int(number)
        case .bool:
            let number = try word(at: place)
            guard number <= 1 else { throw .invalidBool(offset: place) }
            return .bool(!number.isZero)
        case .address:
            let bytes = try slice(at: place, count: 32)
            guard bytes.prefix(12).allSatisfy({ $0 == 0 }), let address = Address(bytes: Array(bytes.dropFirst(12)))
            else { throw .dirtyPadding(offset: place) }
            return .address(address)
        case .fixedBytes(let count):
            let bytes = try slice(at: place, count: 32)
            guard bytes.dropFirst(count).allSatisfy({ $0 == 0 }) else { throw .dirtyPadding(offset: place) }
            return .bytes(Array(bytes.prefix(count)))
        case .bytes:
            return .bytes(try bytes(at: place))
        case .string:
            guard let text = String(validating: try bytes(at: place), as: UTF8.self) else {
                throw .invalidUTF8(offset: place)
            }
            return .string(text)
        case .array(let element):
            return .array(try array(element, at: place))
        case .fixedArray(let element, let count):
            guard count >= 0, count <= budget else { throw .tooManyValues }
            return .array(try sequence([ABIType](repeating: element, count: count), at: place))
        case .tuple(let members):
            return .tuple(try sequence(members, at: place))
        }
    }

    private mutating func array(_ element: ABIType, at place: Int) throws(ABIError) -> [ABIValue] {
        guard let count = try length(at: place) else { throw .truncated(offset: place) }
        let start = place + 32
        // Every element has at least 32 bytes of head, so the data bound the count.
        guard count <= (data.count - start) / max(element.headByteCount, 32) else { throw .truncated(offset: place) }
        guard count <= budget else { throw .tooManyValues }
        end = max(end, start)
        return try sequence([ABIType](repeating: element, count: count), at: start)
    }

    /// A length, that many bytes, and zeros up to a multiple of 32.
    private mutating func bytes(at place: Int) throws(ABIError) -> [UInt8] {
        guard let count = try length(at: place), count <= data.count - place - 32 else {
            throw .truncated(offset: place)
        }
        let padded = (count + 31) / 32 * 32
        let whole = try slice(at: place + 32, count: padded)
        guard whole.dropFirst(count).allSatisfy({ $0 == 0 }) else { throw .dirtyPadding(offset: place) }
        end = max(end, place + 32 + padded)
        // Copies of one tail count as much as the tail: the budget is in values and words.
        budget -= padded / 32
        guard budget >= 0 else { throw .tooManyValues }
        return Array(whole.prefix(count))
    }

    private func word(at place: Int) throws(ABIError) -> UInt256 {
        UInt256(bigEndianBytes: try slice(at: place, count: 32)) ?? .zero
    }

    /// A word as a length or offset; `nil` when it is greater than any data.
    private func length(at place: Int) throws(ABIError) -> Int? {
        guard let value = UInt64(exactly: try word(at: place)), value <= UInt64(Int32.max) else { return nil }
        return Int(value)
    }

    private func slice(at place: Int, count: Int) throws(ABIError) -> ArraySlice<UInt8> {
        guard place >= 0, place <= data.count, count <= data.count - place else { throw .truncated(offset: place) }
        return data[place..<place + count]
    }
}
