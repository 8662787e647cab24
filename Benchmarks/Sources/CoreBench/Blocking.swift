// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Runs asynchronous work and waits for its result, for callers that know nothing of tasks.
func blocking<Value: Sendable>(_ work: @escaping @Sendable () async -> Value?) -> Value? {
    let result = Cell<Value>()
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        let value = await work()
        result.value.withLock { $0 = value }
        done.signal()
    }
    done.wait()
    return result.value.withLock { $0 }
}

private final class Cell<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
