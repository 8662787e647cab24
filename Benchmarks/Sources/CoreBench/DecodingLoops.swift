// SPDX-License-Identifier: Apache-2.0

import CPeers
import EthTx

/// Decodes a signed transaction in a row of type 2 into its typed value, with all checks.
///
/// Returns nanoseconds of processor time, 0 after a failure; `nonce` gets what was decoded last.
@c(core_decode_transaction)
public func decodeTransactionLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ nonce: UnsafeMutablePointer<UInt64>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: input, count: count)
    let start = peers_cpu_ns()
    do {
        for _ in 0..<rounds {
            let (transaction, _) = try EIP1559Transaction.decode(signed: bytes)
            nonce.pointee = transaction.nonce
        }
    } catch {
        return 0
    }
    return peers_cpu_ns() - start
}

/// Decodes a signed transaction of any kind in a row into its typed value, with all checks.
///
/// Returns nanoseconds of processor time, 0 after a failure; `nonce` gets what was decoded last.
@c(core_decode_any)
public func decodeAnyTransactionLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ nonce: UnsafeMutablePointer<UInt64>
) -> UInt64 {
    let bytes = UnsafeRawBufferPointer(start: input, count: count)
    let start = peers_cpu_ns()
    do {
        for _ in 0..<rounds {
            let (transaction, _) = try Transaction.decode(bytes)
            nonce.pointee = transaction.nonce
        }
    } catch {
        return 0
    }
    return peers_cpu_ns() - start
}

/// Decodes a signed transaction in a row with a copy of its bytes and its hash.
///
/// Returns nanoseconds of processor time, 0 after a failure; `output` has `count` bytes and gets the encoding of the
/// decoded transaction, which has been taken apart and put together again.
@c(core_decode_signed)
public func decodeSignedLoop(
    _ input: UnsafePointer<UInt8>, _ count: Int, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let bytes = [UInt8](UnsafeBufferPointer(start: input, count: count))
    do {
        var signed = try SignedTransaction(decoding: bytes)
        let start = peers_cpu_ns()
        for _ in 0..<rounds { signed = try SignedTransaction(decoding: bytes) }
        let spent = peers_cpu_ns() - start
        let again = try SignedTransaction(signed.transaction, signature: signed.signature).raw
        guard again.count == count else { return 0 }
        output.update(from: again, count: count)
        return spent
    } catch {
        return 0
    }
}
