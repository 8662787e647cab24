// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Memory for a secret: pages of its own that are not swapped, not dumped, and wiped before they are given back.
///
/// Locking is refused by the kernel when the process has used up `RLIMIT_MEMLOCK`; the memory then works all the
/// same, and ``isLocked`` tells. Nothing is written after the initializer has returned, so it may be read from
/// several threads: that is the proof for `@unchecked Sendable`.
package struct LockedMemory: ~Copyable, @unchecked Sendable {
    private let base: UnsafeMutableRawPointer
    private let mappedByteCount: Int
    private let afterWipe: (@Sendable (UnsafeRawBufferPointer) -> Void)?

    /// The number of bytes in use.
    package let byteCount: Int

    /// Whether the kernel keeps the pages out of swap.
    package let isLocked: Bool

    /// Maps pages, lets `fill` write the secret, which returns how many bytes it has used.
    ///
    /// `afterWipe` sees the memory once it has been wiped and before it is unmapped: for tests. When `fill`
    /// throws, what it has written is wiped too. Without memory the process ends, as with any allocation.
    package init<Failure: Error>(
        capacity: Int, afterWipe: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil,
        fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let page = max(sysconf(Int32(_SC_PAGESIZE)), 4096)
        let mapped = (max(capacity, 1) + page - 1) / page * page
        guard
            let pointer = mmap(nil, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            pointer != MAP_FAILED
        else { preconditionFailure("out of memory: \(mapped) bytes") }
        let locked = mlock(pointer, mapped) == 0
        // Advice only: a kernel without it still keeps the page private.
        _ = madvise(pointer, mapped, MADV_DONTDUMP)
        let used: Int
        do {
            used = try fill(UnsafeMutableRawBufferPointer(start: pointer, count: capacity))
        } catch {
            explicit_bzero(pointer, mapped)
            munmap(pointer, mapped)
            throw error
        }
        base = pointer
        mappedByteCount = mapped
        byteCount = min(max(used, 0), capacity)
        isLocked = locked
        self.afterWipe = afterWipe
    }

    deinit {
        explicit_bzero(base, mappedByteCount)
        afterWipe?(UnsafeRawBufferPointer(start: base, count: mappedByteCount))
        // Unmapping unlocks.
        munmap(base, mappedByteCount)
    }

    /// The first byte; valid as long as this value lives.
    @inline(__always)
    var pointer: UnsafeRawPointer { UnsafeRawPointer(base) }

    /// Lends the bytes in use for the duration of a call.
    package borrowing func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }
}
