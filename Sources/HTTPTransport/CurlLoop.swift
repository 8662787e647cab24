// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The mailbox of the thread that runs all transfers of one transport.
///
/// Any thread submits, resumes and cancels; the loop's own thread, started with the first transfer, does the rest.
final class CurlLoop: Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    /// What waits for the loop's thread.
    struct Mail {
        /// Transfers to begin.
        var submissions: [CurlTransfer] = []
        /// Streams whose reader has room again.
        var resumptions: [CurlTransfer] = []
        /// Whether a transfer was cancelled.
        var hasCancellations = false
        var isStopping = false

        var isEmpty: Bool { submissions.isEmpty && resumptions.isEmpty && !hasCancellations && !isStopping }
    }

    private struct State {
        var isRunning = false
        var mail = Mail()
    }

    private let state = Mutex(State())

    /// The multi handle, while it can be woken.
    ///
    /// A lock of its own: waking it lets the loop's thread run at once, which must not find `state` locked.
    private let awake = Mutex<CurlMulti?>(nil)

    /// Wakes the thread while it has no transfer; a multi handle is woken by a socket, which costs more.
    let doorbell = CurlDoorbell()

    /// How many transfers run at once.
    let limit: Int

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    /// Hands a transfer to the thread.
    ///
    /// Its outcome is told exactly once, also when there is no thread.
    func submit(_ transfer: CurlTransfer, _ continuation: CheckedContinuation<Outcome, Never>) {
        transfer.expect(continuation)
        let library: CurlLibrary
        switch CurlLibrary.open() {
        case .success(let opened): library = opened
        case .failure(let error): return transfer.tell(.failure(error))
        }
        let refusal: HTTPTransportError? = state.withLock { state in
            if state.mail.isStopping { return .cancelled }
            if !state.isRunning {
                guard let multi = CurlMulti(library) else { return .notSent(HTTPFailure(.system, "no memory")) }
                guard CurlThread.start(CurlWorker(loop: self, multi: multi)) else {
                    multi.close()
                    return .notSent(HTTPFailure(.system, "no thread can be started"))
                }
                state.isRunning = true
                awake.withLock { $0 = multi }
            }
            state.mail.submissions.append(transfer)
            return nil
        }
        if let refusal { return transfer.tell(.failure(refusal)) }
        wake()
    }

    /// Lets a transfer go on whose reader had no room.
    func resume(_ transfer: CurlTransfer) {
        state.withLock { $0.mail.resumptions.append(transfer) }
        wake()
    }

    /// Ends a transfer soon, wherever it is.
    func cancel(_ transfer: CurlTransfer) {
        transfer.cancel()
        state.withLock { $0.mail.hasCancellations = true }
        wake()
    }

    /// Ends all transfers and the thread soon.
    ///
    /// Later submissions are refused.
    func stop() {
        state.withLock { $0.mail.isStopping = true }
        wake()
    }

    private func wake() {
        if doorbell.ring() { return }
        awake.withLock { $0?.wake() }
    }

    /// Whether the thread of this loop may still be inside libcurl.
    var isRunning: Bool { state.withLock { $0.isRunning } }

    /// Whether `takeMail` would bring something.
    var hasMail: Bool { state.withLock { !$0.mail.isEmpty } }

    /// What came since the last call, and whether to stop.
    ///
    /// For the loop's thread only.
    func takeMail() -> Mail {
        state.withLock { state in
            let mail = state.mail
            state.mail = Mail(isStopping: mail.isStopping)
            return mail
        }
    }

    /// Closes the multi handle; nobody wakes it from here on.
    ///
    /// For the loop's thread only, as its last act.
    func close() {
        let multi = awake.withLock { place in
            let multi = place
            place = nil
            return multi
        }
        multi?.close()
        state.withLock { $0.isRunning = false }
    }
}
