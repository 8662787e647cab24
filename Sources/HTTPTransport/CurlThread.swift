// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// Starts the threads of loops, and ends them before the process takes its libraries down.
enum CurlThread {
    private struct Registry {
        var isHooked = false
        var loops: [CurlLoop] = []
    }

    private static let registry = Mutex(Registry())

    /// Runs a worker on a thread of its own; `false` when the system has no more threads.
    ///
    /// All signals are blocked on that thread, so that they reach the threads that expect them.
    static func start(_ worker: CurlWorker) -> Bool {
        var every = sigset_t()
        var previous = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_BLOCK, &every, &previous)
        defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }

        let context = Unmanaged.passRetained(worker)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                let worker = Unmanaged<CurlWorker>.fromOpaque(context).takeRetainedValue()
                worker.run()
                CurlThread.forget(worker.loop)
                return nil
            }, context.toOpaque())
        guard code == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        remember(worker.loop)
        return true
    }

    /// Adds a loop.
    ///
    /// The exit hook comes after libcurl has set up its TLS library, so it runs before that one's own.
    private static func remember(_ loop: CurlLoop) {
        registry.withLock { registry in
            registry.loops.append(loop)
            if registry.isHooked { return }
            registry.isHooked = true
            atexit { CurlThread.endAll() }
        }
    }

    private static func forget(_ loop: CurlLoop) {
        registry.withLock { $0.loops.removeAll { $0 === loop } }
    }

    /// Ends all loops, since a TLS library that is taken down while a thread works in it crashes the process.
    ///
    /// Waits a quarter of a second at most.
    private static func endAll() {
        let loops = registry.withLock { $0.loops }
        for loop in loops { loop.stop() }
        for _ in 0..<250 where loops.contains(where: { $0.isRunning }) { usleep(1000) }
    }
}
