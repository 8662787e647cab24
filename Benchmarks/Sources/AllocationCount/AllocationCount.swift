// SPDX-License-Identifier: Apache-2.0

import CAllocationCounter
import EthTx
import Keccak

/// Counts the heap allocations of what promises to make none, and of what is known to make some.
///
/// Prints one JSON object: name, and allocations in so many rounds. The last two are the proof that the counter
/// counts: an array each round, and the checking signer, which returns arrays.
@main
struct AllocationCount {
    static let rounds: UInt64 = 2000

    static func main() throws {
        let key = try SecretKey(bytes: [UInt8](repeating: 0x46, count: 32))
        var transaction = EIP1559Transaction(
            chainID: 8453, nonce: 0, maxPriorityFeePerGas: 1_500_000_000, maxFeePerGas: 30_000_000_000,
            gasLimit: 90_000, to: key.address, value: 1, data: [UInt8](repeating: 7, count: 36),
            accessList: [AccessListEntry(address: key.address, storageKeys: [.zero])])
        let raw = try key.sign(.eip1559(transaction)).raw
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1024, alignment: 8)
        defer { buffer.deallocate() }
        var results: [(name: String, allocations: UInt64)] = []

        results.append(
            (
                "sign_unchecked",
                try count { round in
                    transaction.nonce = round
                    _ = try key.signUnchecked(transaction, into: buffer)
                }
            ))
        results.append(
            (
                "keccak",
                count { _ in
                    buffer[0] = buffer[0] &+ Keccak256.hash(UnsafeRawBufferPointer(buffer)).withUnsafeBytes { $0[0] }
                }
            ))
        results.append(
            (
                "keccak_incremental",
                count { _ in
                    var hash = Keccak256()
                    hash.update(UnsafeRawBufferPointer(buffer))
                    hash.update(raw.span)
                    buffer[0] = buffer[0] &+ hash.finalize().withUnsafeBytes { $0[0] }
                }
            ))
        try raw.withUnsafeBytes { bytes in
            let list = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            results.append(("rlp_validate", try count { _ in try RLP.validate(list) }))
        }
        results.append(
            (
                "control_array",
                count { round in
                    let fresh = [UInt8](repeating: UInt8(truncatingIfNeeded: round), count: 40)
                    buffer.copyBytes(from: fresh)
                    keep(fresh)
                }
            ))
        results.append(
            (
                "control_checked_signer",
                try count { round in
                    transaction.nonce = round
                    keep(try key.sign(.eip1559(transaction)).raw)
                }
            ))
        let members = results.map { "\"\($0.name)\": \($0.allocations)" }
        print("{\"rounds\": \(rounds), \(members.joined(separator: ", "))}")
    }

    /// How many allocations some rounds make; a few rounds before warm up whatever is made once.
    static func count(_ body: (UInt64) throws -> Void) rethrows -> UInt64 {
        for round in 0..<16 { try body(UInt64(round)) }
        let before = allocation_count()
        for round in 0..<rounds { try body(round) }
        return allocation_count() - before
    }

    /// Uses an array, so that it has to be made.
    @inline(never)
    static func keep(_ bytes: [UInt8]) {
        precondition(bytes.count > 0)
    }
}
