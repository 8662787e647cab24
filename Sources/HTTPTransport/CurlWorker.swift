// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The thread of a loop: begins transfers, moves them on, and hands out their outcomes.
///
/// Everything here but `loop` is touched by that one thread only, which is why it may be handed to it.
final class CurlWorker: @unchecked Sendable {
    let loop: CurlLoop
    private let multi: CurlMulti
    private var waiting: [CurlLoop.Submission] = []
    private var active: [UnsafeMutableRawPointer: CurlLoop.Submission] = [:]
    private var idle: [UnsafeMutableRawPointer] = []

    init(loop: CurlLoop, multi: CurlMulti) {
        self.loop = loop
        self.multi = multi
    }

    /// Works until the loop is stopped.
    func run() {
        multi.keep(connections: loop.limit + 8)
        while true {
            let (submissions, isStopping) = loop.takeSubmissions()
            waiting += submissions
            if isStopping { break }
            dropCancelled()
            beginWaiting()
            let isWell = multi.perform()
            while let (easy, code) = multi.nextEnded() { end(easy) { $0.outcome(code) } }
            guard isWell, multi.wait(milliseconds: pause()) else {
                endAll(.lost(HTTPFailure(.system, "libcurl failed")))
                continue
            }
        }
        endAll(.cancelled)
        for submission in waiting { submission.continuation.resume(returning: .failure(.cancelled)) }
        waiting = []
        for easy in idle { multi.library.functions.pointee.easy_cleanup(easy) }
        idle = []
        loop.close()
    }

    /// How long to wait for something to happen, in milliseconds.
    private func pause() -> Int32 {
        if waiting.isEmpty { return 60_000 }
        if active.count < loop.limit { return 0 }
        return waiting.map(\.transfer.remainingMilliseconds).min().map { Int32(clamping: min($0, 60_000)) } ?? 0
    }

    private func dropCancelled() {
        for (easy, submission) in active where submission.transfer.isCancelled {
            end(easy) { _ in .failure(.cancelled) }
        }
        waiting.removeAll { submission in
            let error: HTTPTransportError
            if submission.transfer.isCancelled {
                error = .cancelled
            } else if submission.transfer.remainingMilliseconds <= 0 {
                error = .notSent(HTTPFailure(.timedOut, "while other requests were under way"))
            } else {
                return false
            }
            submission.continuation.resume(returning: .failure(error))
            return true
        }
    }

    private func beginWaiting() {
        let count = min(waiting.count, loop.limit - active.count)
        guard count > 0 else { return }
        for submission in waiting[..<count] { begin(submission) }
        waiting.removeFirst(count)
    }

    private func begin(_ submission: CurlLoop.Submission) {
        guard let easy = idle.popLast() ?? multi.library.functions.pointee.easy_init() else {
            return submission.continuation.resume(returning: .failure(.notSent(HTTPFailure(.system, "no memory"))))
        }
        active[easy] = submission
        if let problem = submission.transfer.configure(easy, multi.library) {
            return end(easy, isAdded: false) { _ in .failure(.notSent(problem)) }
        }
        if !multi.add(easy) {
            end(easy, isAdded: false) { _ in .failure(.notSent(HTTPFailure(.system, "libcurl refuses the transfer"))) }
        }
    }

    private func endAll(_ error: HTTPTransportError) {
        for easy in Array(active.keys) { end(easy) { _ in .failure(error) } }
    }

    /// Takes a transfer out and tells its outcome.
    ///
    /// The handle forgets it before its buffers go.
    private func end(
        _ easy: UnsafeMutableRawPointer, isAdded: Bool = true, outcome: (CurlTransfer) -> CurlLoop.Outcome
    ) {
        guard let submission = active.removeValue(forKey: easy) else { return }
        let result = outcome(submission.transfer)
        if isAdded { multi.remove(easy) }
        submission.transfer.release(multi.library)
        multi.library.functions.pointee.easy_reset(easy)
        if idle.count < 8 {
            idle.append(easy)
        } else {
            multi.library.functions.pointee.easy_cleanup(easy)
        }
        submission.continuation.resume(returning: result)
    }
}
