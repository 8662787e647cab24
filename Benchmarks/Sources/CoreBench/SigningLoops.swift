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

/// Signs in so many threads, each so often and all with one key and one context, and returns nanoseconds on the wall.
@c(core_sign_threads)
public func signThreads(_ handle: UnsafeMutableRawPointer, _ threads: Int, _ rounds: UInt64) -> UInt64 {
    let start = peers_wall_ns()
    let work = SigningWork(fixture: SigningFixture.of(handle), rounds: rounds)
    var running: [pthread_t] = []
    for _ in 0..<threads {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(work).toOpaque()
        guard pthread_create(&thread, nil, signInThread, argument) == 0 else { return 0 }
        running.append(thread)
    }
    for thread in running { pthread_join(thread, nil) }
    return peers_wall_ns() - start
}

private final class SigningWork: Sendable {
    let fixture: SigningFixture
    let rounds: UInt64

    init(fixture: SigningFixture, rounds: UInt64) {
        self.fixture = fixture
        self.rounds = rounds
    }
}

private func signInThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<SigningWork>.fromOpaque(argument).takeRetainedValue()
    withUnsafeTemporaryAllocation(byteCount: 512 + 64, alignment: 64) { memory in
        guard let base = memory.baseAddress else { return }
        let output = base.assumingMemoryBound(to: UInt8.self)
        var count = 0
        _ = signUncheckedLoop(
            Unmanaged.passUnretained(work.fixture).toOpaque(), 0, work.rounds, output, &count, output + 512)
    }
    return nil
}
