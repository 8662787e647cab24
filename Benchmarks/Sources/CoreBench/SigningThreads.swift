// SPDX-License-Identifier: Apache-2.0

import CPeers
import EthTx
import Glibc
import Synchronization

/// Signs in so many threads, each so often and all with one key and one context.
///
/// Returns nanoseconds on the wall from the first thread's start to the last one's end, 0 after a failure; `delay` gets
/// the nanoseconds that the threads waited for a processor.
@c(core_sign_threads)
public func signThreads(
    _ handle: UnsafeMutableRawPointer, _ threads: Int, _ rounds: UInt64, _ delay: UnsafeMutablePointer<UInt64>
) -> UInt64 {
    let work = SigningWork(fixture: SigningFixture.of(handle), rounds: rounds, threads: threads)
    var running: [pthread_t] = []
    for _ in 0..<threads {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(work).toOpaque()
        guard pthread_create(&thread, nil, signInThread, argument) == 0 else { return 0 }
        running.append(thread)
    }
    for thread in running { pthread_join(thread, nil) }
    return work.span.withLock {
        delay.pointee = $0.delay
        return $0.end - $0.start
    }
}

private final class SigningWork: Sendable {
    let fixture: SigningFixture
    let rounds: UInt64
    let missing: Atomic<Int>
    let span = Mutex<(start: UInt64, end: UInt64, delay: UInt64)>((.max, 0, 0))

    init(fixture: SigningFixture, rounds: UInt64, threads: Int) {
        self.fixture = fixture
        self.rounds = rounds
        missing = Atomic(threads)
    }
}

private func signInThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let work = Unmanaged<SigningWork>.fromOpaque(argument).takeRetainedValue()
    withUnsafeTemporaryAllocation(byteCount: 512 + 64, alignment: 64) { memory in
        guard let base = memory.baseAddress else { return }
        let output = base.assumingMemoryBound(to: UInt8.self)
        var count = 0
        let waited = peers_run_delay_ns()
        // All begin together.
        work.missing.subtract(1, ordering: .acquiringAndReleasing)
        while work.missing.load(ordering: .acquiring) > 0 {}
        let start = peers_wall_ns()
        _ = signUncheckedLoop(
            Unmanaged.passUnretained(work.fixture).toOpaque(), 0, work.rounds, output, &count, output + 512)
        let end = peers_wall_ns()
        let delay = peers_run_delay_ns() - waited
        work.span.withLock { $0 = (min($0.start, start), max($0.end, end), $0.delay + delay) }
    }
    return nil
}
