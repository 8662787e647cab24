// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Puts one thread to sleep while it has nothing to do, and wakes it up at the price of one system call.
final class CurlDoorbell: Sendable {
    private let isListening = Atomic<Bool>(false)

    /// Made before the bell is shared; its functions may be called from any thread.
    nonisolated(unsafe) private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        semaphore.initialize(to: sem_t())
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Wakes the thread if it sleeps or is about to; `false` when it is at work.
    func ring() -> Bool {
        guard isListening.exchange(false, ordering: .sequentiallyConsistent) else { return false }
        sem_post(semaphore)
        return true
    }

    /// From here on `ring` counts.
    ///
    /// For the sleeping thread, which must call `sleep` next.
    func listen() {
        isListening.store(true, ordering: .sequentiallyConsistent)
    }

    /// Sleeps until somebody rings, or not at all when there is something to do that came before `listen`.
    func sleep(unless hasWork: Bool) {
        if hasWork, isListening.exchange(false, ordering: .sequentiallyConsistent) { return }
        while sem_wait(semaphore) != 0, errno == EINTR {}
    }
}
