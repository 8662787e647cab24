// SPDX-License-Identifier: Apache-2.0

/// Keccak-256 as Ethereum uses it: the original submission with padding `0x01`, not the later SHA3-256.
///
/// One call of `hash` for a whole message, or incremental: create, `update` as often as there is data,
/// ``finalize()``. Rate 136 bytes, capacity 512 bits, digest 32 bytes. A value may be
/// copied between updates to hash several messages with a common beginning.
/// Source: Keccak reference 3.0, Yellow Paper section 4.
public struct Keccak256: Sendable {
    /// The number of message bytes that one permutation takes in.
    public static let blockByteCount = 136

    var lanes: [25 of UInt64]
    var filled: Int

    /// Starts with an empty message.
    public init() {
        lanes = [25 of UInt64](repeating: 0)
        filled = 0
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        filled = unsafeAbsorb(bytes, into: &lanes, filled: filled)
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: Span<UInt8>) {
        filled = bytes.withUnsafeBytes { unsafeAbsorb($0, into: &lanes, filled: filled) }
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        filled = bytes.withUnsafeBytes { unsafeAbsorb($0, into: &lanes, filled: filled) }
    }

    /// The digest of all bytes so far; the value itself stays as it is and may take more.
    public func finalize() -> Digest {
        var state = lanes
        let used = filled
        return withUnsafeMutablePointer(to: &state) { pointer in
            pointer.withMemoryRebound(to: UInt64.self, capacity: 25) { pad($0, filled: used) }
        }
    }
}

extension Keccak256 {
    /// The digest of a whole message.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 25) { buffer in
            buffer.initialize(repeating: 0)
            guard let state = buffer.baseAddress else { return Digest(words: (0, 0, 0, 0)) }
            guard let source = bytes.baseAddress else { return pad(state, filled: 0) }
            return pad(state, filled: absorb(source, count: bytes.count, into: state))
        }
    }

    /// The digest of a whole message.
    public static func hash(_ bytes: Span<UInt8>) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The digest of a whole message.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBytes { hash($0) }
    }
}

@inline(__always)
private func unsafeAbsorb(_ bytes: UnsafeRawBufferPointer, into lanes: inout [25 of UInt64], filled: Int) -> Int {
    withUnsafeMutablePointer(to: &lanes) { pointer in
        pointer.withMemoryRebound(to: UInt64.self, capacity: 25) { absorb(bytes, into: $0, filled: filled) }
    }
}

/// Mixes bytes into a state of which `filled` bytes of the current block are taken already.
///
/// Returns how many are taken afterwards, 0...135.
private func absorb(_ bytes: UnsafeRawBufferPointer, into state: UnsafeMutablePointer<UInt64>, filled: Int) -> Int {
    guard var source = bytes.baseAddress else { return filled }
    var remaining = bytes.count
    var position = filled
    if position > 0 {
        let count = min(Keccak256.blockByteCount &- position, remaining)
        mix(source, count: count, into: state, at: position)
        position &+= count
        if position < Keccak256.blockByteCount { return position }
        permuteKeccak(state)
        source += count
        remaining &-= count
    }
    return absorb(source, count: remaining, into: state)
}

/// The same for a state whose current block is empty.
@inline(__always)
private func absorb(_ start: UnsafeRawPointer, count: Int, into state: UnsafeMutablePointer<UInt64>) -> Int {
    var source = start
    var remaining = count
    let blocks = remaining / Keccak256.blockByteCount
    if blocks > 0 {
        mix(source, count: Keccak256.blockByteCount, into: state, at: 0)
        permuteKeccak(state, thenAbsorbing: source + Keccak256.blockByteCount, blocks: blocks &- 1)
        source += blocks &* Keccak256.blockByteCount
        remaining &-= blocks &* Keccak256.blockByteCount
    }
    mix(source, count: remaining, into: state, at: 0)
    return remaining
}

/// Mixes up to one block at a byte position of the state; whole lanes at once where they are aligned.
@inline(__always)
private func mix(_ source: UnsafeRawPointer, count: Int, into state: UnsafeMutablePointer<UInt64>, at start: Int) {
    var index = 0
    var position = start
    while position & 7 != 0, index < count {
        let byte = UInt64(source.load(fromByteOffset: index, as: UInt8.self))
        state[position &>> 3] ^= byte &<< UInt64((position & 7) &* 8)
        index &+= 1
        position &+= 1
    }
    while count &- index >= 8 {
        state[position &>> 3] ^= UInt64(littleEndian: source.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        index &+= 8
        position &+= 8
    }
    while index < count {
        let byte = UInt64(source.load(fromByteOffset: index, as: UInt8.self))
        state[position &>> 3] ^= byte &<< UInt64((position & 7) &* 8)
        index &+= 1
        position &+= 1
    }
}

/// Adds the padding `0x01 … 0x80`, permutes and reads the digest; the state is used up.
@inline(__always)
private func pad(_ state: UnsafeMutablePointer<UInt64>, filled: Int) -> Keccak256.Digest {
    state[filled &>> 3] ^= 1 &<< UInt64((filled & 7) &* 8)
    state[16] ^= 0x8000_0000_0000_0000
    permuteKeccak(state)
    return Keccak256.Digest(words: (state[0], state[1], state[2], state[3]))
}
