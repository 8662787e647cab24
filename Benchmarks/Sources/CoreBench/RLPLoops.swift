// SPDX-License-Identifier: Apache-2.0

import CPeers
import EthTx

/// Limits that no data set reaches; every check is made all the same.
private let limits = RLPLimits(bytes: Int(Int32.max), items: Int.max)

/// Walks and validates one item in a row; returns nanoseconds of processor time, 0 after a failure.
///
/// `items` gets the number of items, lists included.
@c(core_rlp_validate)
public func validateLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ items: UnsafeMutablePointer<Int>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: input, count: count)
    let start = peers_cpu_ns()
    do {
        for _ in 0..<rounds { items.pointee = try RLP.validate(bytes, limits: limits) }
    } catch {
        return 0
    }
    return peers_cpu_ns() - start
}

/// Decodes one item into a tree in a row, and releases it; returns nanoseconds of processor time, 0 after a failure.
@c(core_rlp_decode_tree)
public func decodeTreeLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ items: UnsafeMutablePointer<Int>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: input, count: count)
    let start = peers_cpu_ns()
    do {
        for _ in 0..<rounds { items.pointee = try RLPItem(decoding: bytes, limits: limits).leafCount }
    } catch {
        return 0
    }
    return peers_cpu_ns() - start
}

/// Encodes a tree in a row into a buffer that is used again; returns nanoseconds of processor time, 0 after a failure.
///
/// The tree is made of `input` first; `output` has `count` bytes and gets the encoding.
@c(core_rlp_encode_tree)
public func encodeTreeLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    do {
        let tree = try RLPItem(decoding: UnsafeRawBufferPointer(start: input, count: count), limits: limits)
        var encoder = RLPEncoder()
        let start = peers_cpu_ns()
        for _ in 0..<rounds {
            encoder.removeAll()
            encoder.prepend(tree)
        }
        let spent = peers_cpu_ns() - start
        guard encoder.count == count else { return 0 }
        encoder.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: output, count: count).copyMemory(from: $0) }
        return spent
    } catch {
        return 0
    }
}

/// Encodes a tree in a row into a new array each time; returns nanoseconds of processor time, 0 after a failure.
@c(core_rlp_encode_array)
public func encodeArrayLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    do {
        let tree = try RLPItem(decoding: UnsafeRawBufferPointer(start: input, count: count), limits: limits)
        var encoded: [UInt8] = []
        let start = peers_cpu_ns()
        for _ in 0..<rounds { encoded = tree.encoded }
        let spent = peers_cpu_ns() - start
        guard encoded.count == count else { return 0 }
        output.update(from: encoded, count: count)
        return spent
    } catch {
        return 0
    }
}

/// Encodes one byte string in a row into a buffer that is used again; returns nanoseconds of processor time.
///
/// `output` has `count + 9` bytes and gets the encoding, `written` its length.
@c(core_rlp_encode_string)
public func encodeStringLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>,
    _ written: UnsafeMutablePointer<Int>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: input, count: count)
    var encoder = RLPEncoder(capacity: count + 64)
    let start = peers_cpu_ns()
    for _ in 0..<rounds {
        encoder.removeAll()
        encoder.prepend(bytes)
    }
    let spent = peers_cpu_ns() - start
    written.pointee = encoder.count
    encoder.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: output, count: $0.count).copyMemory(from: $0) }
    return spent
}

extension RLPItem {
    /// The number of items of a list, 1 for a byte string: something that needs the tree and costs nothing.
    fileprivate var leafCount: Int {
        switch self {
        case .bytes: 1
        case .list(let items): items.count
        }
    }
}
