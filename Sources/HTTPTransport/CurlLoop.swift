// SPDX-License-Identifier: Apache-2.0

internal import CCurl
internal import Synchronization

/// The mailbox of the thread that runs all transfers of one transport.
///
/// Any thread submits and cancels; the loop's own thread, started with the first transfer, does the rest.
final class CurlLoop: Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    /// A transfer that waits to be begun, and who waits for it.
    struct Submission {
        let transfer: CurlTransfer
        let continuation: CheckedContinuation<Outcome, Never>
    }

    private struct State {
        var isRunning = false
        var isStopping = false
        var submissions: [Submission] = []
        /// The multi handle, while it can be woken.
        var multi: CurlMulti?
    }

    private let state = Mutex(State())

    /// How many transfers run at once.
    let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    /// Hands a transfer to the thread.
    ///
    /// The continuation is resumed exactly once, also when there is no thread.
    func submit(_ transfer: CurlTransfer, _ continuation: CheckedContinuation<Outcome, Never>) {
        let library: CurlLibrary
        switch CurlLibrary.open() {
        case .success(let opened): library = opened
        case .failure(let error): return continuation.resume(returning: .failure(error))
        }
        let refusal: HTTPTransportError? = state.withLock { state in
            if state.isStopping { return .cancelled }
            if !state.isRunning {
                guard let multi = CurlMulti(library) else { return .notSent(HTTPFailure(.system, "no memory")) }
                guard CurlThread.start(CurlWorker(loop: self, multi: multi)) else {
                    multi.close()
                    return .notSent(HTTPFailure(.system, "no thread can be started"))
                }
                state.isRunning = true
                state.multi = multi
            }
            state.submissions.append(Submission(transfer: transfer, continuation: continuation))
            state.multi?.wake()
            return nil
        }
        if let refusal { continuation.resume(returning: .failure(refusal)) }
    }

    /// Ends a transfer soon, wherever it is.
    func cancel(_ transfer: CurlTransfer) {
        transfer.cancel()
        state.withLock { $0.multi?.wake() }
    }

    /// Ends all transfers and the thread soon.
    ///
    /// Later submissions are refused.
    func stop() {
        state.withLock { state in
            state.isStopping = true
            state.multi?.wake()
        }
    }

    /// Whether the thread of this loop may still be inside libcurl.
    var isRunning: Bool { state.withLock { $0.isRunning } }

    /// What came since the last call, and whether to stop.
    ///
    /// For the loop's thread only.
    func takeSubmissions() -> (submissions: [Submission], isStopping: Bool) {
        state.withLock { state in
            let submissions = state.submissions
            state.submissions = []
            return (submissions, state.isStopping)
        }
    }

    /// Closes the multi handle; nobody wakes it from here on.
    ///
    /// For the loop's thread only, as its last act.
    func close() {
        let multi = state.withLock { state in
            let multi = state.multi
            state.multi = nil
            return multi
        }
        multi?.close()
        state.withLock { $0.isRunning = false }
    }
}
