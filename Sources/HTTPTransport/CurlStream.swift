// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// The bytes of a body between libcurl, which brings them, and the reader, who may be slower.
final class CurlStream: Sendable {
    typealias Piece = Result<[UInt8]?, HTTPTransportError>

    private struct State {
        var bytes: [UInt8] = []
        /// Whether libcurl keeps bytes back for which there was no room.
        var isPaused = false
        /// How it ended; told when all bytes have been read.
        var end: Piece?
        var reader: CheckedContinuation<Piece, Never>?
    }

    private let state = Mutex(State())

    /// How many bytes wait for the reader at most, unless a single delivery of libcurl (16 KiB) is longer.
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether libcurl waits for the reader.
    var isPaused: Bool { state.withLock { $0.isPaused } }

    /// Takes bytes; `false` when there is no room for them, in which case `next` asks for them in time.
    ///
    /// For the loop's thread.
    func take(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let (isTaken, reader) = state.withLock { state -> (Bool, CheckedContinuation<Piece, Never>?) in
            if let reader = state.reader {
                state.reader = nil
                return (true, reader)
            }
            guard state.bytes.isEmpty || bytes.count <= limit - state.bytes.count else {
                state.isPaused = true
                return (false, nil)
            }
            state.bytes.append(contentsOf: bytes)
            return (true, nil)
        }
        reader?.resume(returning: .success(Array(bytes)))
        return isTaken
    }

    /// No more bytes come, for the reason given if the body is not complete.
    ///
    /// The first call counts.
    func end(_ error: HTTPTransportError?) {
        let piece: Piece = error.map { .failure($0) } ?? .success(nil)
        let reader = state.withLock { state -> CheckedContinuation<Piece, Never>? in
            if state.end == nil { state.end = piece }
            state.isPaused = false
            let reader = state.reader
            state.reader = nil
            return reader
        }
        reader?.resume(returning: piece)
    }

    /// The next bytes; waits for them.
    ///
    /// - Parameter resume: called when libcurl can deliver again.
    func next(resume: () -> Void) async -> Piece {
        await withCheckedContinuation { reader in
            let (piece, wasPaused) = state.withLock { state -> (Piece?, Bool) in
                if state.bytes.isEmpty {
                    if state.end == nil { state.reader = reader }
                    return (state.end, false)
                }
                let bytes = state.bytes
                let wasPaused = state.isPaused
                state.bytes = []
                state.isPaused = false
                return (.success(bytes), wasPaused)
            }
            if let piece { reader.resume(returning: piece) }
            if wasPaused { resume() }
        }
    }
}
