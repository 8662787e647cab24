// SPDX-License-Identifier: Apache-2.0

import CPeers
import EthTx
import Glibc

/// Signs transactions with the nonces from `first` on into one buffer, without the self-check.
///
/// Returns nanoseconds of processor time, 0 after a failure. The last signed transaction is moved to the front of
/// `output`, which has 512 bytes, its length stored in `count`, and its hash of 32 bytes in `hash`.
@c(core_sign_unchecked)
public func signUncheckedLoop(
    _ handle: UnsafeMutableRawPointer, _ first: UInt64, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>,
    _ count: UnsafeMutablePointer<Int>, _ hash: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let fixture = SigningFixture.of(handle)
    var transaction = fixture.transaction
    let buffer = UnsafeMutableRawBufferPointer(start: output, count: 512)
    var range = 0..<0
    let start = peers_cpu_ns()
    do {
        for nonce in first..<(first + rounds) {
            transaction.nonce = nonce
            let signed = try fixture.key.signUnchecked(transaction, into: buffer)
            range = signed.range
            signed.hash.bytes32.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: hash, count: 32).copyMemory(from: $0)
            }
        }
    } catch {
        return 0
    }
    let spent = peers_cpu_ns() - start
    count.pointee = range.count
    memmove(output, output + range.lowerBound, range.count)
    return spent
}

/// Signs transactions as the tool does it: an async call of a ``LocalSigner``, which recovers the address.
///
/// Parameters and result as of ``signUncheckedLoop(_:_:_:_:_:_:)``.
@c(core_sign_checked)
public func signCheckedLoop(
    _ handle: UnsafeMutableRawPointer, _ first: UInt64, _ rounds: UInt64, _ output: UnsafeMutablePointer<UInt8>,
    _ count: UnsafeMutablePointer<Int>, _ hash: UnsafeMutablePointer<UInt8>
) -> UInt64 {
    let fixture = SigningFixture.of(handle)
    let outcome = blocking { () async -> (UInt64, SignedTransaction)? in
        var transaction = fixture.transaction
        var last: SignedTransaction?
        let start = peers_cpu_ns()
        do {
            for nonce in first..<(first + rounds) {
                transaction.nonce = nonce
                last = try await fixture.signer.sign(.eip1559(transaction))
            }
        } catch {
            return nil
        }
        let spent = peers_cpu_ns() - start
        return last.map { (spent, $0) }
    }
    guard let (spent, signed) = outcome, signed.raw.count <= 512 else { return 0 }
    count.pointee = signed.raw.count
    output.update(from: signed.raw, count: signed.raw.count)
    hash.update(from: signed.hash.bytes, count: 32)
    return spent
}
