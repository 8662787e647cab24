// SPDX-License-Identifier: Apache-2.0

/// Runs every task of a simulation on the thread that calls ``runJobs()``, in the order in which they became ready.
///
/// `@unchecked Sendable`: tasks are made and continuations resumed on that one thread only, so nothing is shared.
final class Kernel: TaskExecutor, @unchecked Sendable {
    private var ready: [UnownedJob] = []
    private var position = 0

    init() {
        ready.reserveCapacity(16)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        ready.append(UnownedJob(job))
    }

    /// Runs jobs until none is ready.
    func runJobs() {
        while position < ready.count {
            let job = ready[position]
            position += 1
            job.runSynchronously(on: asUnownedTaskExecutor())
        }
        position = 0
        ready.removeAll(keepingCapacity: true)
    }

    /// Begins a task on this executor.
    func start(_ body: @escaping @Sendable () async -> Void) {
        Task(executorPreference: self) { await body() }
    }
}
