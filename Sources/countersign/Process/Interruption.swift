// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// SIGINT, SIGTERM and SIGHUP: the first asks the work to stop where it can be resumed, the second ends the process.
///
/// The signals are blocked in every thread and waited for by one of its own, so nothing runs in a signal handler.
final class Interruption: Sendable {
    private struct State {
        /// Asks the work to stop; `nil` while there is nothing that could stop by itself.
        var stop: (@Sendable () -> Void)?
        /// Whether it was asked already.
        var wasAsked = false
        /// What has to be put right before the process may end, such as the terminal's echo.
        var restore: (@Sendable () -> Void)?
        /// What is said when the process ends at once.
        var farewell: (@Sendable () -> Void)?
    }

    /// The one of this process.
    static let shared = Interruption()

    private let state = Mutex(State())

    private init() {}

    /// Blocks the signals in this thread and all that it will start; they wait until ``listen()``.
    func hold() {
        var signals = Self.signals()
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for the signals on a thread of its own.
    func listen() {
        var signals = Self.signals()
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { _ in
                Interruption.shared.wait()
                return nil
            }, nil)
        if status == 0 {
            pthread_detach(thread)
        } else {
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        }
    }

    /// What is said from now on when a signal ends the process at once.
    func onEnd(_ farewell: @escaping @Sendable () -> Void) {
        state.withLock { $0.farewell = farewell }
    }

    /// From now on the first signal asks the work to stop.
    func onFirstSignal(_ stop: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.stop = stop
            return state.wasAsked
        }
        if isLate { stop() }
    }

    /// Runs something that blocks and cannot be asked to stop: a signal ends the process at once, after `restore`.
    func endingAtOnce<Value>(restore: @escaping @Sendable () -> Void, _ body: () -> Value) -> Value {
        let stop = state.withLock { state in
            state.restore = restore
            let stop = state.stop
            state.stop = nil
            return stop
        }
        defer {
            state.withLock { state in
                state.restore = nil
                state.stop = stop
            }
        }
        return body()
    }

    private func wait() {
        var signals = Self.signals()
        while true {
            var number: Int32 = 0
            guard sigwait(&signals, &number) == 0 else { continue }
            hear()
        }
    }

    private func hear() {
        let (stop, restore, farewell) = state.withLock { state in
            let stop = state.wasAsked ? nil : state.stop
            state.wasAsked = true
            return (stop, state.restore, state.farewell)
        }
        if let stop { return stop() }
        restore?()
        farewell?()
        _exit(ExitStatus.unfinished.rawValue)
    }

    /// A hang-up that the caller ignores (`nohup`) stays ignored.
    private static func signals() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        var action = sigaction()
        if sigaction(SIGHUP, nil, &action) == 0, !isIgnored(action) { sigaddset(&signals, SIGHUP) }
        return signals
    }

    private static func isIgnored(_ action: sigaction) -> Bool {
        unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
