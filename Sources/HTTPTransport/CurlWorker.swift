// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// The thread of a loop: begins transfers, moves them on, and hands out their outcomes.
///
/// Everything here but `loop` is touched by that one thread only, which is why it may be handed to it.
final class CurlWorker: @unchecked Sendable {
    let loop: CurlLoop
    private let multi: CurlMulti
    private var waiting: [CurlTransfer] = []
    private var active: [UnsafeMutableRawPointer: CurlHandle] = [:]
    private var idle: [CurlHandle] = []

    /// How many of the active ones are streams.
    private var streams = 0

    /// Outcomes that are yet to be told.
    private var ended: [(transfer: CurlTransfer, outcome: CurlLoop.Outcome)] = []

    init(loop: CurlLoop, multi: CurlMulti) {
        self.loop = loop
        self.multi = multi
    }

    /// Works until the loop is stopped.
    func run() {
        multi.keep(connections: loop.limit + 8)
        while true {
            let mail = loop.takeMail()
            waiting += mail.submissions
            if mail.isStopping { break }
            if mail.hasCancellations { dropCancelled() }
            if !waiting.isEmpty {
                dropExpired()
                beginWaiting()
            }
            for transfer in mail.resumptions { transfer.handle?.unpause() }
            if streams > 0 { dropSilent() }
            var isWell = true
            if !active.isEmpty {
                isWell = multi.perform()
                while let (easy, code) = multi.nextEnded() { end(easy) { $0.outcome(code) } }
            }
            // Who is told may ask again at once, and shall find the thread listening.
            let hasNothing = active.isEmpty && waiting.isEmpty
            if hasNothing { loop.doorbell.listen() }
            tellEnded()
            if hasNothing {
                loop.doorbell.sleep(unless: loop.hasMail)
            } else if !isWell || !multi.wait(milliseconds: pause()) {
                endAll(.lost(HTTPFailure(.system, "libcurl failed")))
                tellEnded()
            }
        }
        endAll(.cancelled)
        for transfer in waiting { ended.append((transfer, .failure(.cancelled))) }
        waiting = []
        idle = []
        tellEnded()
        loop.close()
    }

    /// How long to wait for something to happen, in milliseconds.
    private func pause() -> Int32 {
        let silence = streams == 0 ? 60_000 : leastSilence
        guard !waiting.isEmpty else { return Int32(clamping: min(silence, 60_000)) }
        if active.count < loop.limit { return 0 }
        let patience = waiting.map(\.remainingMilliseconds).min() ?? 0
        return Int32(clamping: min(patience, silence, 60_000))
    }

    private var leastSilence: Int {
        active.values.compactMap { $0.transfer?.millisecondsOfSilenceLeft }.min() ?? 60_000
    }

    private func dropCancelled() {
        for (easy, handle) in active where handle.transfer?.isCancelled ?? false {
            end(easy) { _ in .failure(.cancelled) }
        }
    }

    /// Ends the transfers that were cancelled or whose time ran out before their turn.
    private func dropExpired() {
        waiting.removeAll { transfer in
            let error: HTTPTransportError
            if transfer.isCancelled {
                error = .cancelled
            } else if transfer.remainingMilliseconds <= 0 {
                error = .notSent(HTTPFailure(.timedOut, "while other requests were under way"))
            } else {
                return false
            }
            ended.append((transfer, .failure(error)))
            return true
        }
    }

    /// Ends the streams over which nothing has come for too long.
    private func dropSilent() {
        for (easy, handle) in active where handle.transfer?.millisecondsOfSilenceLeft.map({ $0 <= 0 }) ?? false {
            end(easy) { $0.silence() }
        }
    }

    private func beginWaiting() {
        let count = min(waiting.count, loop.limit - active.count)
        guard count > 0 else { return }
        for transfer in waiting[..<count] { begin(transfer) }
        waiting.removeFirst(count)
    }

    private func begin(_ transfer: CurlTransfer) {
        guard let handle = takeHandle(CurlHandle.Shape(transfer)) else {
            return ended.append((transfer, .failure(.notSent(HTTPFailure(.system, "no memory")))))
        }
        active[handle.easy] = handle
        if transfer.stream != nil { streams += 1 }
        if let problem = handle.configure(for: transfer) {
            return end(handle.easy, isAdded: false) { _ in .failure(.notSent(problem)) }
        }
        if !multi.add(handle.easy) {
            let problem = HTTPFailure(.system, "libcurl refuses the transfer")
            end(handle.easy, isAdded: false) { _ in .failure(.notSent(problem)) }
        }
    }

    /// A handle that is free, if possible one that had a request of that shape last.
    private func takeHandle(_ shape: CurlHandle.Shape) -> CurlHandle? {
        if let index = idle.lastIndex(where: { $0.shape == shape }) { return idle.remove(at: index) }
        return idle.popLast() ?? CurlHandle(multi.library)
    }

    private func endAll(_ error: HTTPTransportError) {
        for easy in Array(active.keys) { end(easy) { _ in .failure(error) } }
    }

    /// Takes a transfer out; its outcome is told later.
    ///
    /// The handle forgets it before its buffers go.
    private func end(
        _ easy: UnsafeMutableRawPointer, isAdded: Bool = true, outcome: (CurlTransfer) -> CurlLoop.Outcome
    ) {
        guard let handle = active.removeValue(forKey: easy) else { return }
        if let transfer = handle.transfer {
            ended.append((transfer, outcome(transfer)))
            if transfer.stream != nil { streams -= 1 }
        }
        if isAdded { multi.remove(easy) }
        handle.forgetTransfer()
        if idle.count < 8 { idle.append(handle) }
    }

    private func tellEnded() {
        guard !ended.isEmpty else { return }
        for (transfer, outcome) in ended { transfer.tell(outcome) }
        ended.removeAll(keepingCapacity: true)
    }
}
