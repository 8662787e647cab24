// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Opens once; threads and tasks wait for that.
final class Gate: Sendable {
    private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

    func open() {
        let waiters = state.withLock { state in
            let waiters = state.waiters
            state = (true, [])
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Waits without a thread.
    func opened() async {
        await withCheckedContinuation { waiter in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiters.append(waiter) }
                return state.isOpen
            }
            if isOpen { waiter.resume() }
        }
    }

    /// Waits with the thread of a server.
    func block() {
        while !state.withLock({ $0.isOpen }) { usleep(1000) }
    }
}
