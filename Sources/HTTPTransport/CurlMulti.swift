// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// A multi handle of libcurl, which holds the connections that are kept alive and the names that were looked up.
///
/// Sendable since only `wake` is called from other threads than the loop's own, and that is what libcurl allows;
/// ``CurlLoop`` sees to it that nobody wakes a handle that is being closed.
struct CurlMulti: @unchecked Sendable {
    let library: CurlLibrary
    private let handle: UnsafeMutableRawPointer

    /// Makes a handle; `nil` when memory runs out.
    init?(_ library: CurlLibrary) {
        guard let handle = library.functions.pointee.multi_init() else { return nil }
        self.library = library
        self.handle = handle
    }

    /// Sets how many connections are kept alive while nobody uses them.
    func keep(connections: Int) {
        _ = ccurl_multi_set_long(library.functions, handle, CURLMOPT_MAXCONNECTS, connections)
    }

    /// Begins a transfer; whether libcurl accepted it.
    func add(_ easy: UnsafeMutableRawPointer) -> Bool {
        library.functions.pointee.multi_add_handle(handle, easy) == CURLM_OK
    }

    /// Takes a transfer out, whether it has ended or not; an unfinished one loses its connection.
    func remove(_ easy: UnsafeMutableRawPointer) {
        _ = library.functions.pointee.multi_remove_handle(handle, easy)
    }

    /// Moves all transfers on as far as they go without waiting; whether libcurl is well.
    func perform() -> Bool {
        var running: Int32 = 0
        return library.functions.pointee.multi_perform(handle, &running) == CURLM_OK
    }

    /// The next transfer that has ended, with its result.
    func nextEnded() -> (easy: UnsafeMutableRawPointer, code: CURLcode)? {
        var code = CURLE_OK
        guard let easy = ccurl_next_ended(library.functions, handle, &code) else { return nil }
        return (easy, code)
    }

    /// Waits for something to happen on a connection, for a timer of libcurl, for `wake`, or for the time to pass.
    func wait(milliseconds: Int32) -> Bool {
        var ready: Int32 = 0
        return library.functions.pointee.multi_poll(handle, nil, 0, milliseconds, &ready) == CURLM_OK
    }

    /// Ends the present or the next `wait`.
    func wake() {
        _ = library.functions.pointee.multi_wakeup(handle)
    }

    /// Closes all connections and frees the handle.
    func close() {
        _ = library.functions.pointee.multi_cleanup(handle)
    }
}
