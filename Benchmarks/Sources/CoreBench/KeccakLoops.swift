// SPDX-License-Identifier: Apache-2.0

import CPeers
import Keccak

/// Hashes a message in a row, one-shot from a raw buffer; returns nanoseconds of processor time.
@c(core_keccak)
public func keccakLoop(
    _ message: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ digest: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: message, count: count)
    let start = peers_cpu_ns()
    for _ in 0..<rounds {
        Keccak256.hash(bytes).withUnsafeBytes { UnsafeMutableRawPointer(digest).copyMemory(from: $0, count: 32) }
    }
    return peers_cpu_ns() - start
}

/// Hashes a message in a row, from an array; returns nanoseconds of processor time.
@c(core_keccak_array)
public func keccakArrayLoop(
    _ message: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ digest: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let bytes = [UInt8](UnsafeRawBufferPointer(start: message, count: count))
    let start = peers_cpu_ns()
    for _ in 0..<rounds {
        Keccak256.hash(bytes).withUnsafeBytes { UnsafeMutableRawPointer(digest).copyMemory(from: $0, count: 32) }
    }
    return peers_cpu_ns() - start
}

/// Hashes a message in a row, incrementally in two pieces; returns nanoseconds of processor time.
@c(core_keccak_incremental)
public func keccakIncrementalLoop(
    _ message: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ digest: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: message, count: count)
    let first = UnsafeRawBufferPointer(rebasing: bytes[..<(count / 2)])
    let second = UnsafeRawBufferPointer(rebasing: bytes[(count / 2)...])
    let start = peers_cpu_ns()
    for _ in 0..<rounds {
        var hash = Keccak256()
        hash.update(first)
        hash.update(second)
        hash.finalize().withUnsafeBytes { UnsafeMutableRawPointer(digest).copyMemory(from: $0, count: 32) }
    }
    return peers_cpu_ns() - start
}

extension UnsafeMutableRawPointer {
    /// Copies the first bytes of a buffer that has at least so many.
    @inline(__always)
    fileprivate func copyMemory(from source: UnsafeRawBufferPointer, count: Int) {
        UnsafeMutableRawBufferPointer(start: self, count: count).copyMemory(from: source)
    }
}
